//! What is remembered, of whom, and for how long.

use super::*;

fn memory(covered: u32) -> Memory {
    let json = serde_json::json!({
        "version": 1, "covered": covered, "topics": [], "sentiments": [], "events": [], "facts": [], "questions": [],
        "importance": [0.1], "sections": [], "state": [1, 2],
    });
    serde_json::from_value(json).unwrap()
}

fn key(tenant: &str, user: &str, slot: &str) -> MemoryKey {
    MemoryKey {
        slot: slot.to_owned(),
        tenant: Some(tenant.to_owned()),
        conversation: "c-1".to_owned(),
        user: Some(user.to_owned()),
    }
}

fn person(user: &str) -> Person {
    Person {
        tenant: "acme".to_owned(),
        user: user.to_owned(),
    }
}

fn previous() -> Previous {
    Previous {
        model: "small".to_owned(),
        policy: "sha256:x".to_owned(),
        at_ms: 5,
    }
}

async fn covered(memory: &ConversationMemory, key: &MemoryKey) -> Option<u32> {
    memory.load(key).await.unwrap().map(|memory| memory.covered)
}

#[tokio::test]
async fn what_was_remembered_is_given_back_after_a_restart_and_to_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kept.db");
    let ann = key("acme", "ann", "window");
    {
        let store = Store::open(&file).unwrap();
        let kept = ConversationMemory::open(store.clone(), 30).await.unwrap();
        kept.save(&ann, memory(3)).await.unwrap();
        kept.save(&ann, memory(4)).await.unwrap();
        kept.save_previous(&key("acme", "ann", ""), previous()).await.unwrap();
        assert_eq!(covered(&kept, &ann).await, Some(4));
        tokio::task::spawn_blocking(move || store.close()).await.unwrap();
    }
    let kept = ConversationMemory::open(Store::open(&file).unwrap(), 30).await.unwrap();
    assert_eq!(covered(&kept, &ann).await, Some(4));
    assert_eq!(kept.load_previous(&ann).await.unwrap(), Some(previous()));
    for other in [
        key("acme", "ben", "window"),
        key("other", "ann", "window"),
        key("acme", "ann", "other"),
    ] {
        assert_eq!(covered(&kept, &other).await, None, "{other:?}");
    }
}

/// Memory in a table, and memory in the process alone.
async fn both() -> [ConversationMemory; 2] {
    let table = ConversationMemory::open(Store::in_process().unwrap(), 30);
    [table.await.unwrap(), ConversationMemory::in_process(30)]
}

#[tokio::test]
async fn a_users_memory_is_listed_and_forgotten() {
    for kept in both().await {
        is_listed_and_forgotten(kept).await;
    }
}

async fn is_listed_and_forgotten(kept: ConversationMemory) {
    for user in ["ann", "ben"] {
        kept.save(&key("acme", user, "window"), memory(2)).await.unwrap();
        kept.save_previous(&key("acme", user, ""), previous()).await.unwrap();
    }
    let ann = Whose {
        user: Some("ann".to_owned()),
        ..Whose::default()
    };
    let listed = kept.list(&ann, 10).await.unwrap();
    assert_eq!((listed.len(), listed[0].memories.len()), (1, 1));
    assert_eq!(listed[0].memories[0].1.covered, 2);
    assert_eq!(kept.forget(&ann).await.unwrap(), 1);
    assert_eq!(covered(&kept, &key("acme", "ann", "window")).await, None);
    assert_eq!(kept.list(&Whose::default(), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_past_its_time_is_not_given_back() {
    let store = Store::in_process().unwrap();
    let kept = ConversationMemory::open(store.clone(), 1).await.unwrap();
    kept.save(&key("acme", "ann", "window"), memory(2)).await.unwrap();
    store
        .run(|c| c.execute("UPDATE conversations SET at_ms = 1", []))
        .await
        .unwrap();
    let kept = ConversationMemory::open(store, 1).await.unwrap();
    assert_eq!(covered(&kept, &key("acme", "ann", "window")).await, None);
    assert_eq!(kept.list(&Whose::default(), 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_conversation_is_found_by_its_end_and_only_there() {
    for kept in both().await {
        let person = Person::default();
        kept.moved(&person, "one", None, [1; 32]);
        assert_eq!(kept.find(&[1; 32]).await.unwrap().as_deref(), Some("one"));
        kept.moved(&person, "one", Some([1; 32]), [2; 32]);
        assert_eq!(kept.find(&[1; 32]).await.unwrap(), None);
        assert_eq!(kept.find(&[2; 32]).await.unwrap().as_deref(), Some("one"));
    }
}

#[tokio::test]
async fn within_the_process_two_that_end_alike_are_not_found_and_the_forgotten_neither() {
    let kept = ConversationMemory::in_process(30);
    let (ann, ben) = (person("ann"), person("ben"));
    kept.moved(&ann, "one", None, [1; 32]);
    kept.moved(&ann, "two", None, [1; 32]);
    kept.moved(&ann, "two", None, [2; 32]);
    kept.moved(&ben, "three", None, [3; 32]);
    assert_eq!(kept.find(&[1; 32]).await.unwrap(), None);
    let of_ann = Whose {
        user: Some("ann".to_owned()),
        ..Whose::default()
    };
    kept.forget(&of_ann).await.unwrap();
    assert_eq!(kept.find(&[2; 32]).await.unwrap(), None);
    assert_eq!(kept.find(&[3; 32]).await.unwrap().as_deref(), Some("three"));
}

#[tokio::test]
async fn within_the_process_memories_have_a_bound() {
    let kept = ConversationMemory::in_process(30);
    let large = Memory {
        state: vec![200; 1 << 20],
        ..memory(1)
    };
    for number in 0..200 {
        let key = MemoryKey {
            conversation: format!("c-{number}"),
            ..key("acme", "ann", "window")
        };
        kept.save(&key, large.clone()).await.unwrap();
    }
    // Each has some 4 MiB as JSON: of 200, at most 32 stay.
    let listed = kept.list(&Whose::default(), 1_000).await.unwrap();
    assert!((1..=32).contains(&listed.len()), "{}", listed.len());
}

#[tokio::test]
async fn where_two_conversations_end_alike_neither_is_found() {
    let store = Store::in_process().unwrap();
    let kept = ConversationMemory::open(store.clone(), 30).await.unwrap();
    let person = Person::default();
    kept.moved(&person, "one", None, [1; 32]);
    kept.moved(&person, "two", None, [1; 32]);
    assert_eq!(kept.find(&[1; 32]).await.unwrap(), None);
    kept.moved(&person, "three", None, [1; 32]);
    assert_eq!(kept.find(&[1; 32]).await.unwrap(), None);
    // Nor by a process that has none of it in memory.
    let later = ConversationMemory::open(store, 30).await.unwrap();
    assert_eq!(later.find(&[1; 32]).await.unwrap(), None);
    later.moved(&person, "four", None, [1; 32]);
    assert_eq!(later.find(&[1; 32]).await.unwrap(), None);
}
