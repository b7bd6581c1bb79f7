"""Fields of clients of OpenAI Responses, and what becomes of each: see `table`."""

from __future__ import annotations

from typing import Final

ROWS: Final = """
# The conversation
/model | * form
/input | google /contents/*/parts/*/text | openai responses azure = | bedrock /messages/*/content/*/text
    | * /messages/*/content
/instructions = "Be kind" | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | xai groq compatible /messages/*/content | * =
/input/*:message/type = "message" | openai responses azure = | * .
/input/*:message/role | google /contents/*/role | openai responses azure = | * /messages/*/role
/input/*:message/content | google /contents/*/parts/*/text | openai responses azure =
    | bedrock /messages/*/content/*/text | * /messages/*/content
/input/*:message/id = "msg_9" | openai responses azure = | * .
/input/*:message/status = "completed" | openai responses azure = | * .
/input/*:message/status = "incomplete" | openai responses azure = | * -hint
/input/*:system/role | openai responses azure = | xai groq compatible /messages/*/role | * form
/input/*:system/content | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | xai groq compatible /messages/*/content | * =
/input/*:system/content/*:input_text/type | openai responses azure = | * form
/input/*:system/content/*:input_text/text | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | xai groq compatible /messages/*/content | * =
/input/*:system/content/*:input_text/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages /system/*/cache_control/type "ephemeral"
    | compatible /messages/*/content [{"type":"text","text":"Be kind","cache_control":{"type":"ephemeral"}}]
    | bedrock /system/*/cachePoint/type "default" | * -cost
/input/*:system/content/*:input_text/prompt_cache_breakpoint = {"mode":"explicit"} (caching)
    | messages /system/*/cache_control/type "ephemeral" | openai responses azure =
    | compatible /messages/*/content [{"type":"text","text":"Be kind","cache_control":{"type":"ephemeral"}}]
    | bedrock /system/*/cachePoint/type "default" | * -cost
/input/*:developer/role | openai responses azure = | xai groq compatible /messages/*/role | * form
/input/*:developer/content | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | xai groq compatible /messages/*/content | * =
/input/*:developer/content/*:input_text/type | openai responses azure = | * form
/input/*:developer/content/*:input_text/text | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | xai groq compatible /messages/*/content | * =
/input/*:developer/content/*:input_text/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages /system/*/cache_control/type "ephemeral"
    | compatible /messages/*/content [{"type":"text","text":"Be kind","cache_control":{"type":"ephemeral"}}]
    | bedrock /system/*/cachePoint/type "default" | * -cost
# Text and media
/input/*:message/content/*:input_text/type | openai responses azure = | * form
/input/*:message/content/*:input_text/text | google /contents/*/parts/*/text | openai responses azure =
    | bedrock /messages/*/content/*/text | * /messages/*/content
/input/*:message/content/*:input_text/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages compatible /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:input_text/prompt_cache_breakpoint = {"mode":"explicit"} (caching)
    | messages compatible /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]
    | openai responses azure = | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:input_text/prompt_cache_breakpoint/mode = "explicit"
    | messages compatible /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:input_text/prompt_cache_breakpoint/ttl = "30m"
    | messages ~cost /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral","ttl":"1h"}}]
    | compatible /messages/*/content/*/cache_control/ttl
    | bedrock ~cost /messages/*/content/*/cachePoint {"type":"default","ttl":"1h"} | * -cost
/input/*:message/content/*:input_text/prompt_cache_breakpoint/ttl = "30m" (caching)
    | messages ~cost /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral","ttl":"1h"}}]
    | openai responses azure = | compatible /messages/*/content/*/cache_control/ttl
    | bedrock ~cost /messages/*/content/*/cachePoint {"type":"default","ttl":"1h"} | * -cost
/input/*:message/content/*:text/type | openai responses azure = | * form
/input/*:message/content/*:text/text | google /contents/*/parts/*/text | openai responses azure =
    | bedrock /messages/*/content/*/text | * /messages/*/content
/input/*:message/content/*:input_image/type | openai responses azure = | groq ! | * form
/input/*:message/content/*:input_image/image_url | messages /messages/*/content/*/source/data "iVBORw0KGgo="
    | google /contents/*/parts/*/inlineData/data "iVBORw0KGgo=" | xai compatible /messages/*/content/*/image_url/url
    | groq ! | bedrock /messages/*/content/*/image/source/bytes "iVBORw0KGgo=" | * =
/input/*:message/content/*:input_image/image_url = "https://x.example/a.png"
    | anthropic /messages/*/content/*/source/url | vertex_claude /messages/*/content/*/source/data "iVBORw0KGgo="
    | bedrock /messages/*/content/*/image/source/bytes "iVBORw0KGgo=" | google /contents/*/parts/*/fileData/fileUri
    | openai responses azure = | groq ! | * /messages/*/content/*/image_url/url
/input/*:message/content/*:input_image/file_id = "file-abc" | openai responses azure = | * !
/input/*:message/content/*:input_image/detail = "auto" | openai responses azure =
    | xai compatible /messages/*/content/*/image_url/detail | groq ! | * .
/input/*:message/content/*:input_image/detail = "low" | messages bedrock -hint
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_LOW"
    | xai compatible /messages/*/content/*/image_url/detail | groq ! | * =
/input/*:message/content/*:input_image/detail = "high" | messages bedrock -hint
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_HIGH"
    | xai compatible /messages/*/content/*/image_url/detail | groq ! | * =
/input/*:message/content/*:input_image/detail = "original" | messages bedrock -hint
    | google ~quality /generationConfig/mediaResolution "MEDIA_RESOLUTION_HIGH"
    | xai ~hint /messages/*/content/*/image_url/detail "high" | groq !
    | compatible /messages/*/content/*/image_url/detail | * =
/input/*:message/content/*:input_image/detail = "low" (reasoning) | messages bedrock -hint
    | google /contents/*/parts/*/mediaResolution/level "MEDIA_RESOLUTION_LOW"
    | xai compatible /messages/*/content/*/image_url/detail | groq ! | * =
/input/*:message/content/*:input_image/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages compatible /messages/*/content/*/cache_control/type "ephemeral" | groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:input_image/prompt_cache_breakpoint = {"mode":"explicit"} (caching)
    | messages compatible /messages/*/content/*/cache_control/type "ephemeral" | google xai -cost | groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * =
/input/*:message/content/*:input_image/prompt_cache_breakpoint/mode = "explicit"
    | messages compatible /messages/*/content/*/cache_control/type "ephemeral" | groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:input_image/prompt_cache_breakpoint/ttl = "30m"
    | messages ~cost /messages/*/content/*/cache_control {"type":"ephemeral","ttl":"1h"} | groq !
    | compatible /messages/*/content/*/cache_control/ttl
    | bedrock ~cost /messages/*/content/*/cachePoint {"type":"default","ttl":"1h"} | * -cost
/input/*:message/content/*:input_file/type | openai responses azure = | xai groq !
    | bedrock ~quality form & /input/*/content/* ~hint | * form
/input/*:message/content/*:input_file/file_data | messages /messages/*/content/*/source/data "JVBERi0xLjQK"
    | google /contents/*/parts/*/inlineData/data "JVBERi0xLjQK" | xai groq !
    | compatible /messages/*/content/*/file/file_data
    | bedrock ~quality /messages/*/content/*/document/source/bytes "JVBERi0xLjQK" & /input/*/content/* ~hint | * =
/input/*:message/content/*:input_file/file_data = "JVBERi0xLjQK" | messages /messages/*/content/*/source/data
    | google /contents/*/parts/*/inlineData/data | xai groq ! | compatible form
    | bedrock ~quality /messages/*/content/*/document/source/bytes & /input/*/content/* ~hint | * =
/input/*:message/content/*:input_file/file_data = "data:text/plain;base64,SGVsbG8="
    | messages /messages/*/content/*/source/data "Hello" | google /contents/*/parts/*/inlineData/data "SGVsbG8="
    | xai groq compatible ~quality /messages/*/content/*/text "a.pdf:\\nHello"
    | bedrock ~hint /messages/*/content/*/document/source/bytes "SGVsbG8=" | * =
/input/*:message/content/*:input_file/filename | messages /messages/*/content/*/title
    | google /contents/*/parts/*/inlineData/displayName | xai groq ! | compatible /messages/*/content/*/file/filename
    | bedrock ~hint /messages/*/content/*/document/context | * =
/input/*:message/content/*:input_file/file_url = "https://x.example/a.pdf" | anthropic /messages/*/content/*/source/url
    | vertex_claude /messages/*/content/*/source/data "JVBERi0xLjQK"
    | bedrock ~quality /messages/*/content/*/document/source/bytes "JVBERi0xLjQK"
    | google /contents/*/parts/*/fileData/fileUri
    | openai responses azure = | compatible /messages/*/content/*/file/file_url | * !
/input/*:message/content/*:input_file/file_id = "file-abc" | openai responses azure =
    | compatible /messages/*/content/*/file/file_id | * !
/input/*:message/content/*:input_file/detail = "auto" | openai responses azure = | xai groq ! | bedrock ~quality | * .
/input/*:message/content/*:input_file/detail = "low" | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_LOW"
    | openai responses azure = | xai groq ! | * -hint
/input/*:message/content/*:input_file/detail = "high" | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_HIGH"
    | openai responses azure = | xai groq ! | * -hint
/input/*:message/content/*:input_file/detail = "low" (reasoning)
    | google /contents/*/parts/*/mediaResolution/level "MEDIA_RESOLUTION_LOW" | openai responses azure = | xai groq !
    | * -hint
/input/*:message/content/*:input_file/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages compatible /messages/*/content/*/cache_control/type "ephemeral" | xai groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:input_file/prompt_cache_breakpoint = {"mode":"explicit"} (caching)
    | messages compatible /messages/*/content/*/cache_control/type "ephemeral" | google -cost | xai groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * =
/input/*:message/content/*:input_file/prompt_cache_breakpoint/mode = "explicit"
    | messages compatible /messages/*/content/*/cache_control/type "ephemeral" | xai groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:input_file/prompt_cache_breakpoint/ttl = "30m"
    | messages ~cost /messages/*/content/*/cache_control {"type":"ephemeral","ttl":"1h"} | xai groq !
    | compatible /messages/*/content/*/cache_control/ttl
    | bedrock ~cost /messages/*/content/*/cachePoint {"type":"default","ttl":"1h"} | * -cost
/input/*:message/content/*:input_audio/type | google form | openai responses azure =
    | compatible /messages/*/content/*/type | * !
/input/*:message/content/*:input_audio/input_audio | google form | openai responses azure =
    | compatible /messages/*/content/*/input_audio | * !
/input/*:message/content/*:input_audio/input_audio/data | google /contents/*/parts/*/inlineData/data
    | openai responses azure = | compatible /messages/*/content/*/input_audio/data | * !
/input/*:message/content/*:input_audio/input_audio/format = "mp3"
    | google /contents/*/parts/*/inlineData/mimeType "audio/mp3" | openai responses azure =
    | compatible /messages/*/content/*/input_audio/format | * !
/input/*:message/content/*:x_unknown/** | openai responses azure = | * !
# What the model said
/input/*:assistant/type = "message" | openai responses azure = | * .
/input/*:assistant/role | google form | openai responses azure = | * /messages/*/role
/input/*:assistant/content | google /contents/*/parts/*/text | openai responses azure =
    | bedrock /messages/*/content/*/text | * /messages/*/content
/input/*:assistant/content/*:input_text/text | google /contents/*/parts/*/text | openai responses azure =
    | bedrock /messages/*/content/*/text | * /messages/*/content
/input/*:assistant/id = "msg_9" | openai responses azure = | * .
/input/*:assistant/status = "completed" | openai responses azure = | * .
/input/*:assistant/status = "incomplete" | openai responses azure = | * -hint
/input/*:assistant/created_by = "u" | openai responses azure = | * -hint
/input/*:assistant/phase = "commentary" | openai responses azure = | * -hint
/input/*:message/phase = "commentary" | openai responses azure = | * -hint
/input/*:message/content/*:output_text/type | openai responses azure = | * form
/input/*:message/content/*:output_text/text | google /contents/*/parts/*/text | openai responses azure =
    | bedrock /messages/*/content/*/text | * /messages/*/content
/input/*:message/content/*:output_text/annotations = [] | openai responses azure = | * .
/input/*:message/content/*:output_text/annotations/** = [{"type":"url_citation","url":"https://x.example","title":"X",
      "start_index":0,"end_index":2},{"type":"file_citation","file_id":"file-1","filename":"a.pdf","index":0},
      {"type":"container_file_citation","container_id":"cntr_1","file_id":"file-1","filename":"a.pdf","start_index":0,
      "end_index":1},{"type":"file_path","file_id":"file-1","index":0}]
    | openai responses azure = | * -hint
/input/*:message/content/*:output_text/logprobs/** = [{"token":"Ho","bytes":[72,111],"logprob":-0.5,
      "top_logprobs":[{"token":"Ho","bytes":[72,111],"logprob":-0.5}]}]
    | openai responses azure = | * -hint
/input/*:message/content/*:output_text/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages compatible /messages/*/content [{"type":"text","text":"Ho","cache_control":{"type":"ephemeral"}}]
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:message/content/*:refusal/type | openai responses azure = | compatible form | * ~hint
/input/*:message/content/*:refusal/refusal | google ~hint /contents/*/parts/*/text | openai responses azure =
    | compatible /messages/*/refusal | bedrock ~hint /messages/*/content/*/text | * ~hint /messages/*/content
# Reasoning of the history
/input/*:reasoning/type | openai responses azure = | * -quality
/input/*:reasoning/id | openai responses azure = | * -quality
/input/*:reasoning/summary | openai responses azure = | * -quality
/input/*:reasoning/summary/*/type | openai responses azure = | * -quality
/input/*:reasoning/summary/*/text | openai responses azure = | * -quality
/input/*:reasoning/content | openai responses azure = | * -quality
/input/*:reasoning/content/*/type | openai responses azure = | * -quality
/input/*:reasoning/content/*/text | openai responses azure = | * -quality
/input/*:reasoning/encrypted_content | openai responses azure = | * -quality
/input/*:reasoning/encrypted_content = "dragoman:anthropic:thinking:c2ln"
    | messages /messages/*/content [{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"Ho"}]
    | bedrock /messages/*/content/*/reasoningContent/reasoningText {"text":"hm","signature":"c2ln"} | * -quality
/input/*:reasoning/encrypted_content = "dragoman:anthropic:redacted:ZGF0YQ=="
    | messages /messages/*/content [{"type":"redacted_thinking","data":"ZGF0YQ=="},{"type":"text","text":"Ho"}]
    | bedrock /messages/*/content/*/reasoningContent/redactedContent "WkdGMFlRPT0=" | * -quality
/input/*:reasoning/encrypted_content = "dragoman:unsigned:thinking:" | xai compatible /messages/*/reasoning_content "hm"
    | groq /messages/*/reasoning "hm" | * -quality
/input/*:reasoning/encrypted_content:call = "dragoman:google:call:c2ln"
    | google /contents/*/parts/*/thoughtSignature "c2ln" | * -quality
/input/*:reasoning/status = "completed" | openai responses azure = | * -quality
/input/*:reasoning/status = "incomplete" | openai responses azure = | * -hint
# Calls and results
/input/*:function_call/type | openai responses azure = | * form
/input/*:function_call/id = "fc_1" | openai responses azure = | * .
/input/*:function_call/call_id | messages /messages/*/content/*/id | google /contents/*/parts/*/functionCall/id
    | xai groq compatible /messages/*/tool_call_id | bedrock /messages/*/content/*/toolUse/toolUseId | * =
/input/*:function_call/name | messages /tools/*/name | google /tools/*/functionDeclarations/*/name
    | xai groq compatible /tools/*/function/name | bedrock /toolConfig/tools/*/toolSpec/name | * =
/input/*:function_call/arguments | messages /messages/*/content/*/input/a 1
    | google /contents/*/parts/*/functionCall/args/a 1 | openai responses azure =
    | bedrock /messages/*/content/*/toolUse/input/a 1 | * /messages/*/tool_calls/*/function/arguments
/input/*:function_call/status = "completed" | openai responses azure = | * .
/input/*:function_call/status = "incomplete" | openai responses azure = | * -hint
/input/*:function_call/namespace = "n" | openai responses azure = | * -quality
/input/*:function_call/caller/** = {"type":"program","caller_id":"p1"} | openai responses azure = | * -hint
/input/*:function_call/caller/** = {"type":"direct"} | openai responses azure = | * .
/input/*:function_call/async = true | openai responses azure = | * -quality
/input/*:function_call/created_by = "u" | openai responses azure = | * -hint
/input/*:function_call_output/type | openai responses azure = | * form
/input/*:function_call_output/id = "fo_1" | openai responses azure = | * .
/input/*:function_call_output/call_id | messages /messages/*/content/*/id | google /contents/*/parts/*/functionCall/id
    | xai groq compatible /messages/*/tool_call_id | bedrock /messages/*/content/*/toolUse/toolUseId | * =
/input/*:function_call_output/output | messages /messages/*/content/*/content
    | google /contents/*/parts/*/functionResponse/response/output | xai groq compatible /messages/*/content
    | bedrock /messages/*/content/*/toolResult/content/*/text | * =
/input/*:function_call_output/output/*:input_text/type | openai responses azure = | * form
/input/*:function_call_output/output/*:input_text/text | messages /messages/*/content/*/content/*/text | google form
    | xai groq compatible /messages/*/content/*/text | bedrock /messages/*/content/*/toolResult/content/*/text | * =
/input/*:function_call_output/output/*:input_text/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages /messages/*/content/*/content/*/cache_control/type "ephemeral"
    | compatible /messages/*/content/*/cache_control/type "ephemeral"
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:function_call_output/output/*:input_text/prompt_cache_breakpoint = {"mode":"explicit"} (caching)
    | messages /messages/*/content/*/content/*/cache_control/type "ephemeral" | openai responses azure =
    | compatible /messages/*/content/*/cache_control/type "ephemeral"
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:function_call_output/output/*:input_text/prompt_cache_breakpoint/mode = "explicit"
    | messages /messages/*/content/*/content/*/cache_control/type "ephemeral"
    | compatible /messages/*/content/*/cache_control/type "ephemeral"
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:function_call_output/output/*:input_text/prompt_cache_breakpoint/ttl = "30m"
    | messages ~cost /messages/*/content/*/content/*/cache_control {"type":"ephemeral","ttl":"1h"}
    | compatible /messages/*/content/*/cache_control/ttl
    | bedrock ~cost /messages/*/content/*/cachePoint {"type":"default","ttl":"1h"} | * -cost
/input/*:function_call_output/output/*:input_image/type | messages bedrock form | openai responses azure = | groq !
    | * ~quality
/input/*:function_call_output/output/*:input_image/image_url
    | messages /messages/*/content/*/content/*/source/data "iVBORw0KGgo="
    | google ~quality /contents/*/parts/*/inlineData/data "iVBORw0KGgo="
    | xai compatible ~quality /messages/*/content/*/image_url/url | groq !
    | bedrock /messages/*/content/*/toolResult/content/*/image/source/bytes "iVBORw0KGgo=" | * =
/input/*:function_call_output/output/*:input_image/file_id = "file-abc" | openai responses azure = | * !
/input/*:function_call_output/output/*:input_image/detail = "low" | messages bedrock -hint
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_LOW"
    | xai compatible /messages/*/content/*/image_url/detail | groq ! | * =
/input/*:function_call_output/output/*:input_image/detail = "low" (reasoning) | openai responses azure =
    | xai compatible /messages/*/content/*/image_url/detail | groq ! | * -hint
/input/*:function_call_output/output/*:input_image/image_url = "https://x.example/a.png"
    | anthropic /messages/*/content/*/content/*/source/url
    | vertex_claude /messages/*/content/*/content/*/source/data "iVBORw0KGgo="
    | bedrock /messages/*/content/*/toolResult/content/*/image/source/bytes "iVBORw0KGgo="
    | google ~quality /contents/*/parts/*/fileData/fileUri | openai responses azure = | groq !
    | * ~quality /messages/*/content/*/image_url/url
/input/*:function_call_output/output/*:input_image/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /messages/*/content/*/content/*/cache_control/type "ephemeral" | groq !
    | compatible /messages/*/content/*/cache_control/type "ephemeral"
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:function_call_output/output/*:input_file/type | messages form | google compatible ~quality form | xai groq !
    | bedrock ~quality form & /input/*/output/* ~hint | * =
/input/*:function_call_output/output/*:input_file/file_data
    | messages /messages/*/content/*/content/*/source/data "JVBERi0xLjQK"
    | google ~quality /contents/*/parts/*/inlineData/data "JVBERi0xLjQK" | xai groq !
    | compatible ~quality /messages/*/content/*/file/file_data
    | bedrock ~quality /messages/*/content/*/toolResult/content/*/document/source/bytes "JVBERi0xLjQK" & /input/*/output/* ~hint
    | * =
/input/*:function_call_output/output/*:input_file/filename | messages /messages/*/content/*/content/*/title
    | google /contents/*/parts/*/inlineData/displayName | xai groq ! | compatible /messages/*/content/*/file/filename
    | bedrock ~hint /messages/*/content/*/toolResult/content/*/document/context | * =
/input/*:function_call_output/output/*:input_file/file_url = "https://x.example/a.pdf"
    | anthropic /messages/*/content/*/content/*/source/url
    | vertex_claude /messages/*/content/*/content/*/source/data "JVBERi0xLjQK"
    | bedrock ~quality /messages/*/content/*/toolResult/content/*/document/source/bytes "JVBERi0xLjQK"
    | google ~quality /contents/*/parts/*/fileData/fileUri | openai responses azure =
    | compatible ~quality /messages/*/content/*/file/file_url | * !
/input/*:function_call_output/output/*:input_file/file_id = "file-abc" | openai responses azure =
    | compatible ~quality /messages/*/content/*/file/file_id | * !
/input/*:function_call_output/output/*:input_file/detail = "low"
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_LOW" | openai responses azure = | xai groq ! | * -hint
/input/*:function_call_output/output/*:input_file/detail = "low" (reasoning) | openai responses azure = | xai groq !
    | * -hint
/input/*:function_call_output/output/*:input_file/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /messages/*/content/*/content/*/cache_control/type "ephemeral" | xai groq !
    | compatible /messages/*/content/*/cache_control/type "ephemeral"
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/input/*:function_call_output/status = "completed" | openai responses azure = | * .
/input/*:function_call_output/status = "incomplete" | openai responses azure = | * -hint
/input/*:function_call_output/name = "f" | openai responses azure = | * .
/input/*:function_call_output/namespace = "n" | openai responses azure = | * -quality
/input/*:function_call_output/caller/** = {"type":"program","caller_id":"p1"} | openai responses azure = | * -hint
/input/*:custom_tool_call/type | openai responses azure = | compatible form | * form & /tools/* ~quality
/input/*:custom_tool_call/id = "ctc_1" | openai responses azure = | * .
/input/*:custom_tool_call/call_id | messages /messages/*/content/*/id & /tools/* ~quality
    | google /contents/*/parts/*/functionCall/id & /tools/* ~quality
    | xai groq /messages/*/tool_call_id & /tools/* ~quality | compatible /messages/*/tool_call_id
    | bedrock /messages/*/content/*/toolUse/toolUseId & /tools/* ~quality | * =
/input/*:custom_tool_call/name | messages /tools/*/name & /tools/* ~quality
    | google /tools/*/functionDeclarations/*/name & /tools/* ~quality
    | xai groq /tools/*/function/name & /tools/* ~quality | compatible /tools/*/custom/name
    | bedrock /toolConfig/tools/*/toolSpec/name & /tools/* ~quality | * =
/input/*:custom_tool_call/input | messages /messages/*/content/*/input/input & /tools/* ~quality
    | google /contents/*/parts/*/functionCall/args/input & /tools/* ~quality | xai groq form & /tools/* ~quality
    | compatible /messages/*/tool_calls/*/custom/input
    | bedrock /messages/*/content/*/toolUse/input/input & /tools/* ~quality | * =
/input/*:custom_tool_call/namespace = "n" | openai responses azure = | * -quality
/input/*:custom_tool_call/caller/** = {"type":"program","caller_id":"p1"} | openai responses azure = | * -hint
/input/*:custom_tool_call/async = true | openai responses azure = | * -quality
/input/*:custom_tool_call/status = "completed" | openai responses azure = | * .
/input/*:custom_tool_call_output/type | openai responses azure = | compatible form | * form & /tools/* ~quality
/input/*:custom_tool_call_output/id = "cto_1" | openai responses azure = | * .
/input/*:custom_tool_call_output/call_id | messages /messages/*/content/*/id & /tools/* ~quality
    | google /contents/*/parts/*/functionCall/id & /tools/* ~quality
    | xai groq /messages/*/tool_call_id & /tools/* ~quality | compatible /messages/*/tool_call_id
    | bedrock /messages/*/content/*/toolUse/toolUseId & /tools/* ~quality | * =
/input/*:custom_tool_call_output/output | messages /messages/*/content/*/content & /tools/* ~quality
    | google /contents/*/parts/*/functionResponse/response/output & /tools/* ~quality
    | xai groq /messages/*/content & /tools/* ~quality | compatible /messages/*/content
    | bedrock /messages/*/content/*/toolResult/content/*/text & /tools/* ~quality | * =
/input/*:custom_tool_call_output/output/*:input_text/type | openai responses azure = | compatible form
    | * form & /tools/* ~quality
/input/*:custom_tool_call_output/output/*:input_text/text
    | messages /messages/*/content/*/content/*/text & /tools/* ~quality | google form & /tools/* ~quality
    | xai groq /messages/*/content/*/text & /tools/* ~quality | compatible /messages/*/content/*/text
    | bedrock /messages/*/content/*/toolResult/content/*/text & /tools/* ~quality | * =
/input/*:custom_tool_call_output/output/*:input_text/prompt_cache_breakpoint/** = {"mode":"explicit","ttl":"30m"}
    | messages ~cost /messages/*/content/*/content/*/cache_control {"type":"ephemeral","ttl":"1h"}
    | compatible /messages/*/content/*/cache_control {"type":"ephemeral","ttl":"30m"}
    | bedrock ~cost /messages/*/content/*/cachePoint {"type":"default","ttl":"1h"} | * -cost
/input/*:custom_tool_call_output/output/*:input_image/**
    | messages /messages/*/content/*/content [{"type":"text","text":"see"},{"type":"image","source":{"type":"base64",
      "media_type":"image/png","data":"iVBORw0KGgo="}}]
    | google ~quality /contents/* {"role":"user","parts":[{"text":"Media of the tool result c1:"},
      {"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}
    | xai compatible ~quality /messages/* {"role":"user","content":[{"type":"text",
      "text":"Media of the tool result c1:"},{"type":"image_url",
      "image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"auto"}}]}
    | groq !
    | bedrock /messages/*/content/*/toolResult/content/*/image {"format":"png","source":{"bytes":"iVBORw0KGgo="}} | * =
/input/*:custom_tool_call_output/output/*:input_file/**
    | messages /messages/*/content/*/content [{"type":"text","text":"see"},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjQK"},"title":"a.pdf"}]
    | google ~quality /contents/* {"role":"user","parts":[{"text":"Media of the tool result c1:"},{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0xLjQK","displayName":"a.pdf"}}]}
    | xai groq !
    | compatible ~quality /messages/* {"role":"user","content":[{"type":"text","text":"Media of the tool result c1:"},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0xLjQK"}}]}
    | bedrock ~quality /messages/*/content/*/toolResult/content/*/document {"name":"document-1","format":"pdf","source":{"bytes":"JVBERi0xLjQK"},"context":"a.pdf"} & /input/*/output/* ~hint
    | * =
/input/*:custom_tool_call_output/caller/** = {"type":"program","caller_id":"p1"} | openai responses azure = | * -hint
# Items that only this dialect has
/input/*:item_reference/** | * !
/input/*:web_search_call/** | openai responses azure = | * -quality
/input/*:file_search_call/** | openai responses azure = | * -quality
/input/*:computer_call/** | openai responses azure = | * -quality
/input/*:computer_call_output/** | openai responses azure = | * -quality
/input/*:image_generation_call/** | openai responses azure = | * -quality
/input/*:code_interpreter_call/** | openai responses azure = | * -quality
/input/*:local_shell_call/** | openai responses azure = | * -quality
/input/*:local_shell_call_output/** | openai responses azure = | * -quality
/input/*:shell_call/** | openai responses azure = | * -quality
/input/*:shell_call_output/** | openai responses azure = | * -quality
/input/*:apply_patch_call/** | openai responses azure = | * -quality
/input/*:apply_patch_call_output/** | openai responses azure = | * -quality
/input/*:mcp_list_tools/** | openai responses azure = | * -quality
/input/*:mcp_call/** | openai responses azure = | * -quality
/input/*:mcp_approval_request/** | openai responses azure = | * -quality
/input/*:mcp_approval_response/** | openai responses azure = | * -quality
/input/*:program/** | openai responses azure = | * -quality
/input/*:program_output/** | openai responses azure = | * -quality
/input/*:tool_search_call/** | openai responses azure = | * -quality
/input/*:tool_search_output/** | openai responses azure = | * -quality
/input/*:additional_tools/** | openai responses azure = | * -contract
/input/*:configuration_update/** | openai responses azure = | * -contract
/input/*:compaction/** | openai responses azure = | * -contract
/input/*:compaction_trigger/** | openai responses azure = | * -contract
# Functions and free-text tools
/tools = [{"type":"function","name":"f","parameters":null,"strict":null}]
    | messages /tools [{"name":"f","input_schema":{"type":"object","properties":{}}}]
    | google /tools [{"functionDeclarations":[{"name":"f"}]}]
    | xai groq compatible /tools [{"type":"function","function":{"name":"f"}}]
    | bedrock /toolConfig/tools [{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]
    | * =
/tools/*:function/type | messages bedrock form | google form | * =
/tools/*:function/name | google /tools/*/functionDeclarations/*/name | xai groq compatible /tools/*/function/name
    | bedrock /toolConfig/tools/*/toolSpec/name | * =
/tools/*:function/description = "Does it." | google /tools/*/functionDeclarations/*/description
    | xai groq compatible /tools/*/function/description | bedrock /toolConfig/tools/*/toolSpec/description | * =
/tools/*:function/parameters | messages /tools/*/input_schema
    | google /tools/*/functionDeclarations/*/parametersJsonSchema | xai groq compatible /tools/*/function/parameters
    | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json | * =
/tools/*:function/strict = true | openai responses azure = | xai groq compatible /tools/*/function/strict | * .
/tools/*:function/strict = false | xai groq compatible /tools/*/function/strict | openai responses azure = | * form
/tools/*:function/strict = null | openai responses azure = | * .
/tools/*:function/async = true | openai responses azure = | * -contract
/tools/*:function/defer_loading = true | openai responses azure = | * -cost
/tools/*:function/allowed_callers = ["programmatic"] | openai responses azure = | * -contract
/tools/*:function/output_schema = {"type":"object"} | openai responses azure = | * -hint
/tools/*:custom/type | openai responses azure compatible = | * ~quality
/tools/*:custom/name | messages ~quality /tools/*/name | google ~quality /tools/*/functionDeclarations/*/name
    | xai groq ~quality /tools/*/function/name | compatible /tools/*/custom/name
    | bedrock ~quality /toolConfig/tools/*/toolSpec/name | * =
/tools/*:custom/description = "Does it." | google /tools/*/functionDeclarations/*/description
    | xai groq /tools/*/function/description | compatible /tools/*/custom/description
    | bedrock /toolConfig/tools/*/toolSpec/description | * =
/tools/*:custom/format = {"type":"text"} | openai responses azure = | compatible /tools/*/custom/format | * ~quality
/tools/*:custom/format:text/type | openai responses azure = | compatible /tools/*/custom/format/type | * ~quality
/tools/*:custom/format:grammar/type | openai responses azure = | compatible /tools/*/custom/format/type | * ~contract
/tools/*:custom/format:grammar/syntax | openai responses azure = | compatible /tools/*/custom/format/grammar/syntax
    | * ~contract
/tools/*:custom/format:grammar/definition | openai responses azure =
    | compatible /tools/*/custom/format/grammar/definition | * ~contract
/tools/*:custom/async = true | openai responses azure = | * -contract
/tools/*:custom/defer_loading = true | openai responses azure = | * -cost
/tools/*:custom/allowed_callers = ["programmatic"] | openai responses azure = | * -contract
# Searching
/tools/*:web_search/type | messages /tools/*/type "web_search_20250305" | google /tools/*/googleSearch {}
    | openai responses azure = | * -contract
/tools/*:web_search/type = "web_search_2025_08_26" | messages /tools/*/type "web_search_20250305"
    | google /tools/*/googleSearch {} | openai responses azure = | * -contract
/tools/*:web_search/type = "web_search_preview" | messages /tools/*/type "web_search_20250305"
    | google /tools/*/googleSearch {} | openai responses azure = | * -contract
/tools/*:web_search/type = "web_search_preview_2025_03_11" | messages /tools/*/type "web_search_20250305"
    | google /tools/*/googleSearch {} | openai responses azure = | * -contract
/tools/*:web_search/filters = {"allowed_domains":["x.example"]} | messages /tools/*/allowed_domains ["x.example"]
    | openai responses azure = | * -contract
/tools/*:web_search/filters/allowed_domains = ["x.example"] | messages /tools/*/allowed_domains
    | openai responses azure = | * -contract
/tools/*:web_search/search_context_size = "low" | messages -hint | google -hint | openai responses azure = | * -contract
/tools/*:web_search/external_web_access = false | openai responses azure = | * -contract
/tools/*:web_search/external_web_access = true | messages . | google . | openai responses azure = | * -contract
/tools/*:web_search/filters/x_unknown = 1 | openai responses azure = | * -quality
/tools/*:web_search/search_content_types = ["text","image"] | messages -quality | google -quality
    | openai responses azure = | * -contract
/tools/*:web_search/user_location = {"type":"approximate","country":"DE"} | messages openai responses azure =
    | google -quality | * -contract
/tools/*:web_search/user_location/type = "approximate" | messages . | google -quality | openai responses azure =
    | * -contract
/tools/*:web_search/user_location/city = "Ulm" | messages openai responses azure = | google -quality | * -contract
/tools/*:web_search/user_location/country = "DE" | messages openai responses azure = | google -quality | * -contract
/tools/*:web_search/user_location/region = "BW" | messages openai responses azure = | google -quality | * -contract
/tools/*:web_search/user_location/timezone = "Europe/Berlin" | messages openai responses azure = | google -quality
    | * -contract
# Tools that only this dialect has
/tools/*:file_search/** | openai responses azure = | * -contract
/tools/*:computer/** | openai responses azure = | * -contract
/tools/*:computer_use_preview/** | openai responses azure = | * -contract
/tools/*:mcp/** | openai responses azure = | * -contract
/tools/*:code_interpreter/** | openai responses azure = | * -contract
/tools/*:programmatic_tool_calling/** | openai responses azure = | * -contract
/tools/*:image_generation/** | openai responses azure = | * -contract
/tools/*:local_shell/** | openai responses azure = | * -contract
/tools/*:shell/** | openai responses azure = | * -contract
/tools/*:apply_patch/** | openai responses azure = | * -contract
/tools/*:namespace/** | openai responses azure = | * -contract
/tools/*:tool_search/** | openai responses azure = | * -contract
# The choice of tools
/tool_choice:mcp/** = {"type":"mcp","server_label":"s","name":"t"} | openai responses azure = | * -contract
/tool_choice:programmatic_tool_calling/** = {"type":"programmatic_tool_calling"} | openai responses azure =
    | * -contract
/tool_choice:apply_patch/** = {"type":"apply_patch"} | openai responses azure = | * -contract
/tool_choice:shell/** = {"type":"shell"} | openai responses azure = | * -contract
/tool_choice:web_search/** = {"type":"web_search_preview"} | openai responses azure = | * -contract
/tool_choice = "none" | messages /tool_choice/type | google /toolConfig/functionCallingConfig/mode "NONE"
    | bedrock ~hint | * =
/tool_choice = "auto" | messages /tool_choice/type | google /toolConfig/functionCallingConfig/mode "AUTO"
    | bedrock /toolConfig/toolChoice/auto {} | * =
/tool_choice = "required" | messages /tool_choice/type "any" | google /toolConfig/functionCallingConfig/mode "ANY"
    | bedrock /toolConfig/toolChoice/any {} | * =
/tool_choice = {"type":"function","name":"f"} | messages /tool_choice {"type":"tool","name":"f"}
    | google /toolConfig/functionCallingConfig {"mode":"ANY","allowedFunctionNames":["f"]}
    | xai groq compatible /tool_choice {"type":"function","function":{"name":"f"}}
    | bedrock /toolConfig/toolChoice/tool/name "f" | * =
/tool_choice:function/type | messages bedrock form | google form | * =
/tool_choice:function/name | google /tools/*/functionDeclarations/*/name | xai groq compatible /tools/*/function/name
    | bedrock /toolConfig/toolChoice/tool/name | * =
/tool_choice:custom/type | openai responses azure compatible = | * form & /tools/* ~quality
/tool_choice:custom/name | messages = & /tools/* ~quality
    | google /tools/*/functionDeclarations/*/name & /tools/* ~quality
    | xai groq /tools/*/function/name & /tools/* ~quality | compatible /tools/*/custom/name
    | bedrock /toolConfig/toolChoice/tool/name & /tools/* ~quality | * =
/tool_choice = {"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]}
    | messages ~cost /tool_choice/type "auto" & /tools/* -hint
    | google /toolConfig/functionCallingConfig {"mode":"VALIDATED","allowedFunctionNames":["f"]}
    | xai groq ~cost /tool_choice "auto" & /tools/* -hint
    | compatible /tool_choice {"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function",
      "function":{"name":"f"}}]}}
    | bedrock ~cost /toolConfig/toolChoice/auto {} & /tools/* -hint | * =
/tool_choice:allowed_tools/type | google form | openai responses azure compatible = | * ~cost & /tools/* -hint
/tool_choice:allowed_tools/mode = "required" | messages /tool_choice/type "any"
    | google /toolConfig/functionCallingConfig/mode "ANY" | xai groq /tool_choice
    | compatible /tool_choice/allowed_tools/mode | bedrock /toolConfig/toolChoice/any {} | * =
/tool_choice:allowed_tools/tools | google compatible form | openai responses azure = | * ~cost & /tools/* -hint
/tool_choice:allowed_tools/tools/*:mcp/** = {"type":"mcp","server_label":"s"} | openai responses azure = | * -contract
/parallel_tool_calls = false | messages /tool_choice {"type":"auto","disable_parallel_tool_use":true} | google -quality
    | bedrock /additionalModelRequestFields/tool_choice {"type":"auto","disable_parallel_tool_use":true} | * =
/parallel_tool_calls = true | messages bedrock . | google . | * =
/max_tool_calls = 3 | openai responses azure = | * -cost
# Format of the answer
/text = {"format":{"type":"text"}} | openai responses azure = | * .
/text/format = {"type":"text"} | openai responses azure = | * .
/text/format = {"type":"json_object"}
    | messages ~hint /tools [{"name":"json_answer",
      "description":"Give the final answer to the user by calling this tool.","input_schema":{"type":"object",
      "additionalProperties":true}}]
    | google /generationConfig/responseMimeType "application/json" | xai compatible /response_format
    | groq /response_format & /text/format +hint
    | bedrock ~hint /toolConfig {"tools":[{"toolSpec":{"name":"json_answer",
      "description":"Give the final answer to the user by calling this tool.","inputSchema":{"json":{"type":"object",
      "additionalProperties":true}}}}],"toolChoice":{"tool":{"name":"json_answer"}}}
    | * =
/text/format:text/type | openai responses azure = | * form
/text/format:json_object/type | messages bedrock ~hint | google form | xai groq compatible /response_format/type | * =
/text/format:json_schema/type | messages /output_config/format/type | google form | xai compatible /response_format/type
    | groq ~hint | bedrock /outputConfig/textFormat/type | * =
/text/format:json_schema/name | openai responses azure = | xai compatible /response_format/json_schema/name
    | groq ~hint /tools/*/function/name | bedrock /outputConfig/textFormat/structure/jsonSchema/name | * form
/text/format:json_schema/description = "An answer." | messages /output_config/format/schema/description
    | google /generationConfig/responseJsonSchema/description | xai compatible /response_format/json_schema/description
    | groq /tools/*/function/description | bedrock /outputConfig/textFormat/structure/jsonSchema/description | * =
/text/format:json_schema/schema | messages /output_config/format/schema | google /generationConfig/responseJsonSchema
    | openai responses azure = | groq ~hint /tools/*/function/parameters | bedrock form
    | * /response_format/json_schema/schema
/text/format:json_schema/strict = true | openai responses azure =
    | xai compatible /response_format/json_schema/strict | groq ~hint | * .
/text/format:json_schema/strict = false | openai responses azure = | xai compatible /response_format/json_schema/strict
    | groq ~hint | * .
/text/verbosity = "low" | openai responses azure = | compatible /verbosity | * -quality
/text/verbosity = "medium" | openai responses azure = | compatible /verbosity | * .
/text/verbosity = "low" (reasoning) | openai responses azure = | compatible /verbosity | * -quality
/max_output_tokens = 100 | messages compatible /max_tokens | google /generationConfig/maxOutputTokens
    | xai groq /max_completion_tokens | bedrock /inferenceConfig/maxTokens | * =
/max_output_tokens = 5 | messages compatible /max_tokens | google /generationConfig/maxOutputTokens
    | xai groq /max_completion_tokens | bedrock /inferenceConfig/maxTokens | * =
/truncation = "auto" | openai responses azure = | * -quality
/truncation = "disabled" | openai responses azure = | * .
/include = [] | openai azure = | * .
/include/* = "reasoning.encrypted_content" | openai azure = | * .
/include/* = "reasoning.encrypted_content" (reasoning) | * .
/include/* = "file_search_call.results" | openai responses azure = | * -hint
/include/* = "web_search_call.results" | openai responses azure = | * -hint
/include/* = "web_search_call.action.sources" | openai responses azure = | * -hint
/include/* = "message.input_image.image_url" | openai responses azure = | * -hint
/include/* = "code_interpreter_call.outputs" | openai responses azure = | * -hint
/include/* = "computer_call_output.output.image_url" | openai responses azure = | * -hint
/include/* = "message.output_text.logprobs" | google /generationConfig/responseLogprobs true | openai azure =
    | compatible /logprobs true | * -contract
/include/* = "message.output_text.logprobs" (reasoning) | google /generationConfig/responseLogprobs true
    | openai azure = | compatible /logprobs true | * -contract
/top_logprobs = 2 | google /generationConfig/logprobs | openai azure compatible = | * -contract
/moderation = {"model":"omni-moderation-latest"} | openai responses azure compatible = | * -contract
/moderation/model = "omni-moderation-latest" | openai responses azure compatible = | * -contract
/moderation/policy/** = {"input":{"mode":"score"},"output":{"mode":"block"}} | openai responses azure compatible =
    | * -contract
/image/** = {"context_compression":"disabled"} | openai responses azure = | * -hint
/image/** = {"context_compression":"auto"} | openai responses azure = | * .
# Streaming
/stream = true | google url gemini-2.5-flash:streamGenerateContent?alt=sse | bedrock url converse-stream | * =
/stream = false | openai responses azure = | * .
/stream_options = {"include_obfuscation":true} | openai responses azure = | * -hint
/stream_options/include_obfuscation = true | openai responses azure = | * -hint
/stream_options/include_obfuscation = false | openai responses azure = | * .
# Sampling
/temperature = 0.5 | google /generationConfig/temperature | responses -quality | bedrock /inferenceConfig/temperature
    | * =
/temperature = 0.5 (reasoning) | messages responses bedrock -quality | google /generationConfig/temperature | * =
/temperature = 1.5 | messages ~quality /temperature 1.0 | google /generationConfig/temperature | responses -quality
    | bedrock ~quality /inferenceConfig/temperature 1.0 | * =
/top_p = 0.5 | google /generationConfig/topP | responses -quality | bedrock /inferenceConfig/topP | * =
/top_p = 0.5 (reasoning) | messages responses bedrock -quality | google /generationConfig/topP | * =
# Reasoning
/reasoning/effort = "none" (reasoning) | messages /thinking/type "disabled"
    | google ~quality /generationConfig/thinkingConfig/thinkingLevel "MINIMAL"
    | responses ~quality /reasoning/effort "low" | xai groq ~quality /reasoning_effort "low"
    | compatible /reasoning_effort | bedrock /additionalModelRequestFields/thinking/type "disabled" | * =
/reasoning/effort = "minimal" (reasoning) | messages ~quality /thinking {"type":"adaptive","display":"summarized"}
    | google /generationConfig/thinkingConfig {"thinkingLevel":"MINIMAL","includeThoughts":true}
    | xai groq ~quality /reasoning_effort "low" | compatible /reasoning_effort
    | bedrock ~quality /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"}
    | * ~quality /reasoning/effort "low"
/reasoning/effort = "low" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true}
    | xai groq compatible /reasoning_effort | bedrock /outputConfig/effort | * =
/reasoning/effort = "medium" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"MEDIUM","includeThoughts":true}
    | xai groq compatible /reasoning_effort | bedrock /outputConfig/effort | * =
/reasoning/effort = "high" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | xai groq compatible /reasoning_effort | bedrock /outputConfig/effort | * =
/reasoning/effort = "xhigh" (reasoning) | messages /output_config/effort
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | xai groq ~quality /reasoning_effort "high" | compatible /reasoning_effort | bedrock /outputConfig/effort
    | * ~quality /reasoning/effort "high"
/reasoning/effort = "max" (reasoning) | messages /output_config/effort
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | xai groq ~quality /reasoning_effort "high" | compatible /reasoning_effort | bedrock /outputConfig/effort
    | * ~quality /reasoning/effort "high"
/reasoning/effort = "none" | google /generationConfig/thinkingConfig/thinkingBudget 0 | openai azure .
    | responses ~quality /reasoning/effort "low" | xai compatible /reasoning_effort | * .
/reasoning/effort = "low" | messages /thinking {"type":"enabled","budget_tokens":2700}
    | google /generationConfig/thinkingConfig {"thinkingBudget":2700,"includeThoughts":true} | responses =
    | xai compatible /reasoning_effort
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":2700} | * -quality
/reasoning/effort = "medium" | messages /thinking {"type":"enabled","budget_tokens":5400}
    | google /generationConfig/thinkingConfig {"thinkingBudget":5400,"includeThoughts":true} | responses =
    | xai compatible /reasoning_effort
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":5400} | * -quality
/reasoning/effort = "high" | messages /thinking {"type":"enabled","budget_tokens":8100}
    | google /generationConfig/thinkingConfig {"thinkingBudget":8100,"includeThoughts":true} | responses =
    | xai compatible /reasoning_effort
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":8100} | * -quality
/reasoning = {"effort":"low"} (reasoning) | messages /output_config
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true}
    | xai groq compatible /reasoning_effort "low" | bedrock /outputConfig | * =
/reasoning = {"summary":"auto"} (reasoning)
    | messages /thinking {"type":"adaptive","display":"summarized"} & /reasoning +cost
    | google /generationConfig/thinkingConfig/includeThoughts true | xai . | groq . & /reasoning +hint
    | compatible -hint
    | bedrock /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"} & /reasoning +cost | * =
/reasoning/summary = "auto" (reasoning) | openai responses azure = | compatible -hint | * .
/reasoning/summary = "detailed" (reasoning) | openai responses azure = | compatible -hint | * .
/reasoning/generate_summary = "auto" (reasoning) | openai responses azure = | compatible -hint | * .
/reasoning/context = "all_turns" (reasoning) | openai responses azure = | * -hint
/reasoning/mode = "pro" (reasoning) | openai responses azure = | * -quality
/reasoning/summary = "auto" | messages /thinking/display "summarized" | google xai . | responses =
    | bedrock /additionalModelRequestFields/thinking/display "summarized" | * -hint
/reasoning/context = "all_turns" | responses = | * -hint
/reasoning/mode = "pro" | responses = | * -quality
# Caching
/prompt_cache_key = "k" | openai responses azure compatible = | xai header x-grok-conv-id | * -cost
/prompt_cache_retention = "24h" | openai responses azure compatible = | * -cost
/prompt_cache_options = {"mode":"explicit"} | openai responses azure compatible = | * -cost
/prompt_cache_options/mode = "explicit" | openai responses azure compatible = | * -cost
/prompt_cache_options/ttl = "30m" | openai responses azure compatible = | * -cost
/prompt_cache_options/prewarm = true | openai responses azure compatible = | * -cost
/prompt_cache_options/comparison_response_id = "resp_1" | openai responses azure compatible = | * -cost
# State that is kept elsewhere
/previous_response_id = "resp_1" | * !
/conversation = "conv_1" | * !
/conversation/id = "conv_1" | * !
/prompt/** = {"id":"pmpt_1","version":"2","variables":{"a":"b"}} | * !
/background = true | * !
/background = false | openai responses azure = | * .
/background_options/** = {"completion_window":"2h","continuation_id":"c"} | openai responses azure = | * -hint
/context_management/** = [{"type":"compaction","compact_threshold":9}] | openai responses azure = | * -quality
/store = true | openai responses azure compatible gemini = | * -hint
/store = false | openai responses azure compatible gemini = | * .
# About the request
/user = "u" | messages /metadata/user_id | google -hint | bedrock /requestMetadata/user | * =
/safety_identifier = "u" | messages /metadata/user_id | google -hint | groq /user | bedrock /requestMetadata/user | * =
/metadata = {"a":"b"} | messages xai groq -hint | google /labels | bedrock /requestMetadata | * =
/service_tier = "auto" | google xai . | bedrock /serviceTier/type "default" | * =
/service_tier = "default" | messages /service_tier "standard_only" | google /serviceTier "standard"
    | groq /service_tier "on_demand" | bedrock /serviceTier/type | * =
/service_tier = "flex" | messages xai -cost | google /serviceTier | bedrock /serviceTier/type | * =
/service_tier = "priority" | messages -cost | google /serviceTier | groq /service_tier "performance"
    | bedrock /serviceTier/type | * =
/service_tier = "fast" | xai /service_tier "priority" | groq /service_tier "performance"
    | openai responses azure compatible = | * -cost
/service_tier = "scale" | openai responses azure compatible = | * -cost
/service_tier = "ultrafast" | openai responses azure compatible = | * -cost
/access_programs/** = {"cyber":"standard"} | openai responses azure = | * .
/access_programs/** = {"cyber":"daybreak_blue"} | openai responses azure = | * -hint
# What nobody knows
/x_unknown = 1 | openai responses azure = | * -contract
/input/*:x_unknown/** | openai responses azure = | * -quality
/input/*:message/x_unknown = 1 | openai responses azure = | * -quality
/input/*:assistant/x_unknown = 1 | openai responses azure = | * -quality
/input/*:message/content/*:input_text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:message/content/*:input_image/x_unknown = 1 | openai responses azure = | groq ! | * -quality
/input/*:message/content/*:input_file/x_unknown = 1 | openai responses azure = | xai groq ! | * -quality
/input/*:message/content/*:output_text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:function_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:function_call_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:reasoning/x_unknown = 1 | openai responses azure = | * -quality
/tools/*:function/x_unknown = 1 | openai responses azure = | * -quality
/tools/*:custom/x_unknown = 1 | openai responses azure = | * -quality
/tools/*:web_search/x_unknown = 1 | messages -quality | google -quality | openai responses azure = | * -contract
/tools/*:x_unknown/** | openai responses azure = | * -contract
/tool_choice:function/x_unknown = 1 | openai responses azure = | * -quality
/text/x_unknown = 1 | openai responses azure = | * -quality
/text/format:json_schema/x_unknown = 1 | openai responses azure = | * -quality
/reasoning/x_unknown = 1 | responses = | * -hint
/stream_options/x_unknown = 1 | openai responses azure = | * -hint
/input/*:system/x_unknown = 1 | openai responses azure = | * -quality
/input/*:system/content/*:input_text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:developer/x_unknown = 1 | openai responses azure = | * -quality
/input/*:developer/content/*:input_text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:assistant/content/*:input_text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:message/content/*/x_unknown = 1 | openai responses azure = | * -quality
/input/*:message/content/*:text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:message/content/*:input_audio/x_unknown = 1 | google compatible -quality | openai responses azure = | * !
/input/*:message/content/*:x_unknown/x_unknown = 1 | openai responses azure = | * !
/input/*:message/content/*:refusal/x_unknown = 1 | openai responses azure = | * -quality
/input/*:function_call_output/output/*:input_text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:function_call_output/output/*:input_image/x_unknown = 1 | openai responses azure = | groq ! | * -quality
/input/*:function_call_output/output/*:input_file/x_unknown = 1 | openai responses azure = | xai groq ! | * -quality
/input/*:custom_tool_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:custom_tool_call_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:custom_tool_call_output/output/*:input_text/x_unknown = 1 | openai responses azure = | * -quality
/input/*:custom_tool_call_output/output/*:input_image/x_unknown = 1 | openai responses azure = | groq ! | * -quality
/input/*:custom_tool_call_output/output/*:input_file/x_unknown = 1 | openai responses azure = | xai groq ! | * -quality
/input/*:file_search_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:computer_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:computer_call_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:web_search_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:tool_search_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:tool_search_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:additional_tools/x_unknown = 1 | openai responses azure = | * -contract
/input/*:configuration_update/x_unknown = 1 | openai responses azure = | * -contract
/input/*:compaction/x_unknown = 1 | openai responses azure = | * -contract
/input/*:compaction_trigger/x_unknown = 1 | openai responses azure = | * -contract
/input/*:image_generation_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:code_interpreter_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:local_shell_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:local_shell_call_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:shell_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:shell_call_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:apply_patch_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:apply_patch_call_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:mcp_list_tools/x_unknown = 1 | openai responses azure = | * -quality
/input/*:mcp_call/x_unknown = 1 | openai responses azure = | * -quality
/input/*:mcp_approval_request/x_unknown = 1 | openai responses azure = | * -quality
/input/*:mcp_approval_response/x_unknown = 1 | openai responses azure = | * -quality
/input/*:program/x_unknown = 1 | openai responses azure = | * -quality
/input/*:program_output/x_unknown = 1 | openai responses azure = | * -quality
/input/*:item_reference/x_unknown = 1 | * !
/input/*:x_unknown/x_unknown = 1 | openai responses azure = | * -quality
/tools/*:file_search/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:computer/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:computer_use_preview/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:mcp/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:code_interpreter/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:programmatic_tool_calling/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:image_generation/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:local_shell/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:shell/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:namespace/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:tool_search/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:apply_patch/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:x_unknown/x_unknown = 1 | openai responses azure = | * -contract
/tools/*:web_search/user_location/x_unknown = 1 | openai responses azure = | * -quality
/tool_choice:custom/x_unknown = 1 | openai responses azure = | * -quality
/tool_choice:allowed_tools/x_unknown = 1 | openai responses azure = | * -quality
/text/format:text/x_unknown = 1 | openai responses azure = | * -quality
/text/format:json_object/x_unknown = 1 | openai responses azure = | * -quality
"""
