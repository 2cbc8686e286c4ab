"""OpenAI's own client for Python, against a gateway: python openai_client.py http://127.0.0.1:8080"""

import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="none", max_retries=0)
hello = [{"role": "user", "content": "Good morning, how are you?"}]

assert [model.id for model in client.models.list()] == ["auto", "small", "large", "failing", "cut"]

response = client.chat.completions.with_raw_response.create(model="auto", messages=hello)
assert response.headers["x-pointsman-revision"] == "1"
whole = response.parse()
assert "simulated" in whole.choices[0].message.content
assert whole.choices[0].finish_reason == "stop" and whole.usage.completion_tokens > 0

text, ends = "", []
for chunk in client.chat.completions.create(model="small", messages=hello, stream=True):
    assert chunk.usage is None
    text += chunk.choices[0].delta.content or ""
    ends += [chunk.choices[0].finish_reason] if chunk.choices[0].finish_reason else []
assert "small, simulated" in text and ends == ["stop"], (text, ends)

usage = [
    chunk.usage
    for chunk in client.chat.completions.create(
        model="small", messages=hello, stream=True, stream_options={"include_usage": True}
    )
]
assert usage[-1].completion_tokens > 0

json_mode = client.chat.completions.create(
    model="small", messages=hello, response_format={"type": "json_object"}
)
assert json_mode.choices[0].message.content.startswith("{")

tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}
with_tools = client.chat.completions.create(
    model="auto",
    tools=tools,
    messages=[
        {"role": "user", "content": [{"type": "text", "text": "What is this?"}, picture]},
        {
            "role": "assistant",
            "tool_calls": [{"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": "a cat"},
    ],
)
assert with_tools.choices[0].message.content

look = {
    "type": "object",
    "properties": {"at": {"type": "string"}},
    "required": ["at"],
}
tool = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": look}}
called = client.chat.completions.create(
    model="small", messages=hello, tools=[tool], tool_choice="required"
).choices[0]
assert called.finish_reason == "tool_calls", called
assert json.loads(called.message.tool_calls[0].function.arguments) == {"at": "simulated"}, called
with client.chat.completions.stream(model="small", messages=hello, tools=[tool], tool_choice="required") as stream:
    stream.until_done()
    assert stream.get_final_completion().choices[0].message.tool_calls[0].function.name == "look"

embeddings = client.embeddings.create(model="small", input=["a red fox", "nine boats"], dimensions=32)
assert [len(one.embedding) for one in embeddings.data] == [32, 32] and embeddings.usage.prompt_tokens > 0
assert client.embeddings.create(model="small", input="a red fox", dimensions=32).data[0].embedding == embeddings.data[0].embedding

response = client.responses.create(model="auto", instructions="Be brief.", input="Good morning, how are you?")
assert response.status == "completed" and "simulated" in response.output_text and response.usage.output_tokens > 0
again = client.responses.create(
    model="small",
    input=[{"role": "user", "content": "Good morning"}, *response.output, {"role": "user", "content": [
        {"type": "input_text", "text": "And this?"}, {"type": "input_image", "image_url": "data:image/png;base64,aGk="}]}],
    text={"format": {"type": "json_schema", "name": "said", "schema": {"type": "object"}}},
)
assert json.loads(again.output_text), again
flat = {"type": "function", "name": "look", "parameters": look, "strict": False}
call = client.responses.create(model="small", input="Look.", tools=[flat], tool_choice="required").output[0]
assert call.type == "function_call" and json.loads(call.arguments) == {"at": "simulated"}, call
answered = client.responses.create(
    model="small",
    input=[{"role": "user", "content": "Look."}, call, {"type": "function_call_output", "call_id": call.call_id, "output": "a cat"}],
)
assert answered.output_text
with client.responses.stream(model="small", input="Good morning, how are you?") as stream:
    text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
    final = stream.get_final_response()
assert "small, simulated" in text and final.output_text == text and final.usage.total_tokens > 0
with client.responses.stream(model="small", input="Look.", tools=[flat], tool_choice="required") as stream:
    stream.until_done()
    assert stream.get_final_response().output[0].arguments == '{"at":"simulated"}'

try:
    client.responses.create(model="auto", input="And?", previous_response_id="resp_1")
    raise AssertionError("a response that nobody keeps was gone on from")
except openai.BadRequestError as error:
    assert "previous_response_id" in error.message, error

try:
    client.responses.create(model="nobody", input="x")
    raise AssertionError("an unknown model was answered")
except openai.NotFoundError as error:
    assert error.code == "model_not_found", error

try:
    for _ in client.responses.create(model="cut", input="Good morning", stream=True):
        pass
    raise AssertionError("a stream that was cut ended in silence")
except openai.APIError as error:
    assert "broke its answer off" in error.message, error

try:
    client.embeddings.create(model="small", input=[])
    raise AssertionError("an empty list was embedded")
except openai.BadRequestError as error:
    assert error.param == "input", error

try:
    client.chat.completions.create(model="nobody", messages=hello)
    raise AssertionError("an unknown model was answered")
except openai.NotFoundError as error:
    assert error.code == "model_not_found" and "known are auto" in error.message, error

try:
    client.chat.completions.create(model="auto", messages=[])
    raise AssertionError("a request without messages was answered")
except openai.BadRequestError as error:
    assert "at least one message" in error.message, error

try:
    client.chat.completions.create(model="failing", messages=hello)
    raise AssertionError("an upstream that fails was answered for")
except openai.InternalServerError as error:
    assert error.status_code == 503 and "overloaded" in error.message, error

try:
    for _ in client.chat.completions.create(model="cut", messages=hello, stream=True):
        pass
    raise AssertionError("a stream that was cut ended in silence")
except openai.APIError as error:
    assert "broke its answer off" in error.message, error

print("openai", openai.__version__, "for Python: all is well")
