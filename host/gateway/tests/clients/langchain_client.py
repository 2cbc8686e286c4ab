"""LangChain with its OpenAI classes, against a gateway: python langchain_client.py http://127.0.0.1:8080"""

import sys
from importlib.metadata import version

import openai
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

base = {"base_url": sys.argv[1] + "/v1", "api_key": "none", "max_retries": 0}
chat = ChatOpenAI(model="small", **base)
hello = "Good morning, how are you?"

whole = chat.invoke(hello)
assert "small, simulated" in whole.content and whole.usage_metadata["output_tokens"] > 0, whole
assert ChatOpenAI(model="auto", **base).invoke(hello).content

pieces = list(chat.stream(hello, stream_usage=True))
assert "".join(piece.content for piece in pieces) == whole.content
assert any(piece.usage_metadata for piece in pieces), "a stream that was asked for its usage has none"


@tool
def look(at: str) -> str:
    """Looks."""
    return "a cat"


called = chat.bind_tools([look], tool_choice="look").invoke(hello)
assert called.tool_calls[0]["name"] == "look" and called.tool_calls[0]["args"] == {"at": "simulated"}, called
answered = chat.invoke([HumanMessage("Look."), called, ToolMessage("a cat", tool_call_id=called.tool_calls[0]["id"])])
assert isinstance(answered, AIMessage) and answered.content

picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}
assert chat.invoke([HumanMessage([{"type": "text", "text": "What is this?"}, picture])]).content

schema = {"title": "said", "type": "object", "properties": {"simulated": {"type": "string"}}, "required": ["simulated"]}
said = chat.with_structured_output(schema, method="json_mode").invoke("Answer in JSON. " + hello)
assert "small, simulated" in said["simulated"], said

by_responses = ChatOpenAI(model="small", use_responses_api=True, **base)
assert "small, simulated" in by_responses.invoke(hello).text
assert "small, simulated" in "".join(str(piece.text) for piece in by_responses.stream(hello))
assert by_responses.bind_tools([look], tool_choice="look").invoke(hello).tool_calls[0]["args"] == {"at": "simulated"}

embeddings = OpenAIEmbeddings(model="small", dimensions=32, check_embedding_ctx_length=False, **base)
one, two = embeddings.embed_documents(["a red fox", "nine boats"])
assert len(one) == len(two) == 32 and one != two
assert len(embeddings.embed_query("a red fox")) == 32

for model, expected in [("nobody", openai.NotFoundError), ("failing", openai.InternalServerError)]:
    try:
        ChatOpenAI(model=model, **base).invoke(hello)
        raise AssertionError(f"{model} was answered for")
    except expected:
        pass

print("langchain-openai", version("langchain-openai"), "for Python: all is well")
