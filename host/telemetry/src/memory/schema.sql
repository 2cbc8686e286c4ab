-- A conversation and the decision of its last turn; what is not known of whose it is, is empty.
CREATE TABLE IF NOT EXISTS conversations (
    tenant TEXT NOT NULL,
    user TEXT NOT NULL,
    conversation TEXT NOT NULL,
    -- The previous decision as JSON.
    previous TEXT,
    -- Milliseconds since the Unix epoch of the last change.
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, user, conversation)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_by_age ON conversations (at_ms);

-- What the slots' policies asked to remember, as JSON.
CREATE TABLE IF NOT EXISTS memories (
    tenant TEXT NOT NULL,
    user TEXT NOT NULL,
    conversation TEXT NOT NULL,
    slot TEXT NOT NULL,
    memory TEXT NOT NULL,
    PRIMARY KEY (tenant, user, conversation, slot)
) WITHOUT ROWID;

-- Where transcripts end. No conversation: several end alike.
CREATE TABLE IF NOT EXISTS heads (
    head BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    user TEXT NOT NULL,
    conversation TEXT,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS heads_by_age ON heads (at_ms);
CREATE INDEX IF NOT EXISTS heads_by_conversation ON heads (tenant, user, conversation);
