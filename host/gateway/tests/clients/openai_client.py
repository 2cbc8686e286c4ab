"""OpenAI's own client for Python, against a gateway: python openai_client.py http://127.0.0.1:8080"""

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
