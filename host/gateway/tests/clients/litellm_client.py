"""The LiteLLM SDK against a gateway, in each of its three forms: python litellm_client.py http://127.0.0.1:8080"""

import json
import os
import sys
from importlib.metadata import version

# What it knows of models comes with it: nothing is fetched.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm

litellm.telemetry = False
openai = {"api_base": sys.argv[1] + "/v1", "api_key": "none", "num_retries": 0, "max_retries": 0}
anthropic = {"api_base": sys.argv[1], "api_key": "none", "num_retries": 0, "max_retries": 0}
hello = [{"role": "user", "content": "Good morning, how are you?"}]
tool = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {
    "type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]}}}
picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}

for provider, base in [("openai", openai), ("anthropic", anthropic)]:
    small = f"{provider}/small"
    whole = litellm.completion(model=small, messages=hello, **base)
    assert "small, simulated" in whole.choices[0].message.content and whole.usage.completion_tokens > 0, whole
    text = ""
    for chunk in litellm.completion(model=small, messages=hello, stream=True, **base):
        text += chunk.choices[0].delta.content or ""
    assert "small, simulated" in text, text
    called = litellm.completion(model=small, messages=hello, tools=[tool], tool_choice="required", **base)
    call = called.choices[0].message.tool_calls[0].function
    assert call.name == "look" and json.loads(call.arguments) == {"at": "simulated"}, called
    seen = [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, picture]}]
    assert litellm.completion(model=f"{provider}/auto", messages=seen, **base).choices[0].message.content
    for model, expected in [("nobody", litellm.NotFoundError), ("failing", litellm.APIError)]:
        try:
            litellm.completion(model=f"{provider}/{model}", messages=hello, **base)
            raise AssertionError(f"{provider}/{model} was answered for")
        except expected:
            pass
        except (litellm.InternalServerError, litellm.ServiceUnavailableError) as error:
            assert model == "failing", error

as_json = litellm.completion(model="openai/small", messages=hello, response_format={"type": "json_object"}, **openai)
assert json.loads(as_json.choices[0].message.content)

vectors = litellm.embedding(model="openai/small", input=["a red fox", "nine boats"], **openai)
assert len(vectors.data) == 2 and vectors.usage.prompt_tokens > 0

response = litellm.responses(model="openai/small", input="Good morning, how are you?", **openai)
assert "small, simulated" in response.output[0].content[0].text, response
kinds = [event.type for event in litellm.responses(model="openai/small", input="Good morning", stream=True, **openai)]
assert kinds[-1] == "response.completed", kinds

print("litellm", version("litellm"), "for Python: all is well")
