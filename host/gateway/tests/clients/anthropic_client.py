"""Anthropic's own client for Python, against a gateway: python anthropic_client.py http://127.0.0.1:8080"""

import sys

import anthropic

client = anthropic.Anthropic(base_url=sys.argv[1], api_key="none", max_retries=0)
hello = [{"role": "user", "content": "Good morning, how are you?"}]

whole = client.messages.create(model="auto", max_tokens=100, messages=hello, system="Be brief.")
assert "simulated" in whole.content[0].text and whole.stop_reason == "end_turn"
assert whole.usage.output_tokens > 0

with client.messages.stream(model="small", max_tokens=100, messages=hello) as stream:
    text = "".join(stream.text_stream)
    final = stream.get_final_message()
assert "small, simulated" in text and final.content[0].text == text
assert final.stop_reason == "end_turn" and final.usage.output_tokens > 0, final

with_tools = client.messages.create(
    model="small",
    max_tokens=100,
    tools=[{"name": "look", "description": "Looks.", "input_schema": {"type": "object"}}],
    messages=[
        {"role": "user", "content": "What is behind the door?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "look", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "a tiger"}]},
    ],
)
assert with_tools.content[0].text

look = {"name": "look", "description": "Looks.", "input_schema": {
    "type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]}}
called = client.messages.create(
    model="small", max_tokens=100, tools=[look], tool_choice={"type": "any"}, messages=hello
)
assert called.stop_reason == "tool_use" and called.content[0].input == {"at": "simulated"}, called
with client.messages.stream(
    model="small", max_tokens=100, tools=[look], tool_choice={"type": "tool", "name": "look"}, messages=hello
) as stream:
    assert stream.get_final_message().content[0].input == {"at": "simulated"}

picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
seen = client.messages.create(model="auto", max_tokens=100, messages=[
    {"role": "user", "content": [{"type": "text", "text": "What is this?"}, picture]}])
assert seen.content[0].text

counted = client.messages.count_tokens(model="small", messages=hello, tools=[look], system="Be brief.")
assert counted.input_tokens > client.messages.count_tokens(model="small", messages=hello).input_tokens > 0

try:
    client.messages.count_tokens(model="nobody", messages=hello)
    raise AssertionError("tokens of an unknown model were counted")
except anthropic.NotFoundError as error:
    assert "known are auto" in str(error), error

assert "auto" in [model.id for model in client.models.list()]

try:
    client.messages.create(model="nobody", max_tokens=9, messages=hello)
    raise AssertionError("an unknown model was answered")
except anthropic.NotFoundError as error:
    assert "known are auto" in str(error), error

try:
    client.messages.create(model="failing", max_tokens=9, messages=hello)
    raise AssertionError("an upstream that fails was answered for")
except anthropic.InternalServerError as error:
    assert "overloaded" in str(error), error

try:
    with client.messages.stream(model="cut", max_tokens=100, messages=hello) as stream:
        stream.get_final_message()
    raise AssertionError("a stream that was cut ended in silence")
except anthropic.APIStatusError as error:
    assert "broke its answer off" in str(error), error

print("anthropic", anthropic.__version__, "for Python: all is well")
