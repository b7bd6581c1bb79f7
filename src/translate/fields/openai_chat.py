"""Fields of clients of OpenAI Chat, and what becomes of each: see `table`."""

from __future__ import annotations

from typing import Final

ROWS: Final = """
# The conversation
/model | * form
/messages | google bedrock form | responses /input | * =
/messages/*:system/role | messages bedrock form | google form | responses /input/*/role | * =
/messages/*:system/content | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | responses /input/*/content | * =
/messages/*:system/content/*/type | messages /system/*/type | google responses bedrock form | * =
/messages/*:system/content/*/text | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | responses /input/*/content | * =
/messages/*:system/content/*/cache_control = {"type":"ephemeral"} | messages /system/*/cache_control | compatible =
    | bedrock /system/*/cachePoint/type "default" | * -cost
/messages/*:system/content/*/cache_control/ttl = "1h" | messages /system/*/cache_control/ttl | compatible =
    | bedrock /system/*/cachePoint/ttl | * -cost
/messages/*:system/content/*/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /system/*/cache_control/type "ephemeral" | compatible = | bedrock /system/*/cachePoint/type "default"
    | * -cost
/messages/*:system/cache_control = {"type":"ephemeral"} | messages /system/*/cache_control | compatible =
    | bedrock /system/*/cachePoint/type "default" | * -cost
/messages/*:system/name = "n" | openai azure xai compatible = | * -hint
/messages/*:developer/role | messages bedrock form | google form | responses /input/*/role | * =
/messages/*:developer/content | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | responses /input/*/content | * =
/messages/*:developer/content/*/type | messages /system/*/type | google responses bedrock form | * =
/messages/*:developer/content/*/text | messages bedrock /system/*/text | google /systemInstruction/parts/*/text
    | responses /input/*/content | * =
/messages/*:developer/content/*/cache_control = {"type":"ephemeral"} | messages /system/*/cache_control | compatible =
    | bedrock /system/*/cachePoint/type "default" | * -cost
/messages/*:developer/content/*/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /system/*/cache_control/type "ephemeral" | compatible = | bedrock /system/*/cachePoint/type "default"
    | * -cost
/messages/*:developer/cache_control = {"type":"ephemeral"} | messages /system/*/cache_control | compatible =
    | bedrock /system/*/cachePoint/type "default" | * -cost
/messages/*:developer/name = "n" | openai azure xai compatible = | * -hint
/messages/*:user/role | google /contents/*/role | responses /input/*/role | * =
/messages/*:user/content | google /contents/*/parts/*/text | responses /input/*/content
    | bedrock /messages/*/content/*/text | * =
/messages/*:user/name = "n" | openai azure xai compatible = | * -hint
/messages/*:user/cache_control = {"type":"ephemeral"} | messages /messages/*/content/*/cache_control | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
# Text and media
/messages/*:user/content/*:text/type | chat = | * form
/messages/*:user/content/*:text/text | messages /messages/*/content | google /contents/*/parts/*/text
    | responses /input/*/content | * =
/messages/*:user/content/*:text/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:user/content/*:text/cache_control/ttl = "1h" | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/ttl | * -cost
/messages/*:user/content/*:text/prompt_cache_breakpoint = {"mode":"explicit"}
    | messages /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}] | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:user/content/*:text/prompt_cache_breakpoint/mode = "explicit"
    | messages /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}] | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:user/content/*:text/prompt_cache_breakpoint/ttl = "30m"
    | messages ~cost /messages/*/content [{"type":"text","text":"Hi","cache_control":{"type":"ephemeral","ttl":"1h"}}]
    | compatible = | bedrock ~cost /messages/*/content/*/cachePoint {"type":"default","ttl":"1h"} | * -cost
/messages/*:user/content/*:image_url/type | chat = | groq ! | * form
/messages/*:user/content/*:image_url/image_url | chat = | groq ! | * form
/messages/*:user/content/*:image_url/image_url/url | messages /messages/*/content/*/source/data "iVBORw0KGgo="
    | google /contents/*/parts/*/inlineData/data "iVBORw0KGgo=" | responses /input/*/content/*/image_url | groq !
    | bedrock /messages/*/content/*/image/source/bytes "iVBORw0KGgo=" | * =
/messages/*:user/content/*:image_url/image_url/url = "https://x.example/a.png"
    | google /contents/*/parts/*/fileData/fileUri | responses /input/*/content/*/image_url | groq !
    | anthropic /messages/*/content/*/source/url | vertex_claude bedrock form | * =
/messages/*:user/content/*:image_url/image_url/detail = "low" | messages bedrock -hint
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_LOW" | responses /input/*/content/*/detail | groq !
    | * =
/messages/*:user/content/*:image_url/image_url/detail = "high" | messages bedrock -hint
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_HIGH" | responses /input/*/content/*/detail | groq !
    | * =
/messages/*:user/content/*:image_url/image_url/detail = "original" | messages bedrock -hint
    | google ~quality /generationConfig/mediaResolution "MEDIA_RESOLUTION_HIGH" | responses /input/*/content/*/detail
    | xai ~hint /messages/*/content/*/image_url/detail "high" | groq ! | * =
/messages/*:user/content/*:image_url/image_url/detail = "low" (reasoning) | messages bedrock -hint
    | google /contents/*/parts/*/mediaResolution/level "MEDIA_RESOLUTION_LOW" | responses /input/*/content/*/detail
    | groq ! | * =
/messages/*:user/content/*:image_url/image_url/mime_type = "image/png" | groq ! | compatible = | * .
/messages/*:user/content/*:image_url/cache_control = {"type":"ephemeral"} | messages compatible = | groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:user/content/*:image_url/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /messages/*/content/*/cache_control/type "ephemeral" | groq ! | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:user/content/*:input_audio/type | google form | openai azure compatible = | * !
/messages/*:user/content/*:input_audio/input_audio | google form | openai azure compatible = | * !
/messages/*:user/content/*:input_audio/input_audio/data | google /contents/*/parts/*/inlineData/data
    | openai azure compatible = | * !
/messages/*:user/content/*:input_audio/input_audio/format | google . | openai azure compatible = | * !
/messages/*:user/content/*:input_audio/cache_control = {"type":"ephemeral"} | google openai azure -cost | compatible =
    | * !
/messages/*:user/content/*:input_audio/prompt_cache_breakpoint/** = {"mode":"explicit"} | google openai azure -cost
    | compatible = | * !
/messages/*:user/content/*:video_url/type | google form | compatible = | * !
/messages/*:user/content/*:video_url/video_url | google form | compatible = | * !
/messages/*:user/content/*:video_url/video_url/url | google /contents/*/parts/*/inlineData/data "AAAAIGZ0eXBpc29t"
    | compatible = | * !
/messages/*:user/content/*:file/type | openai compatible = | xai groq !
    | bedrock ~quality form & /messages/*/content/* ~hint | * form
/messages/*:user/content/*:file/file | openai compatible = | xai groq !
    | bedrock ~quality form & /messages/*/content/* ~hint | * form
/messages/*:user/content/*:file/file/file_data | messages /messages/*/content/*/source/data "JVBERi0xLjQK"
    | google /contents/*/parts/*/inlineData/data "JVBERi0xLjQK" | responses azure /input/*/content/*/file_data
    | xai groq !
    | bedrock ~quality /messages/*/content/*/document/source/bytes "JVBERi0xLjQK" & /messages/*/content/* ~hint | * =
/messages/*:user/content/*:file/file/filename | messages /messages/*/content/*/title
    | google /contents/*/parts/*/inlineData/displayName | responses azure /input/*/content/*/filename | xai groq !
    | bedrock ~hint /messages/*/content/*/document/context | * =
/messages/*:user/content/*:file/file/mime_type = "application/pdf" | xai groq ! | compatible = | bedrock ~quality | * .
/messages/*:user/content/*:file/file/file_id = "file-abc" | openai compatible = | responses /input/*/content/*/file_id
    | * !
/messages/*:user/content/*:file/file/file_url = "https://x.example/a.pdf" | google /contents/*/parts/*/fileData/fileUri
    | responses azure /input/*/content/*/file_url | xai groq ! | compatible =
    | anthropic /messages/*/content/*/source/url | bedrock ~quality form | * form
/messages/*:user/content/*:file/cache_control = {"type":"ephemeral"} | messages compatible = | xai groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:user/content/*:file/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /messages/*/content/*/cache_control/type "ephemeral" | xai groq ! | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
# What the model said
/messages/*:assistant/role | google form | responses /input/*/role | * =
/messages/*:assistant/content | google /contents/*/parts/*/text | responses /input/*/content
    | bedrock /messages/*/content/*/text | * =
/messages/*:assistant/content/*:text/type | chat = | * form
/messages/*:assistant/content/*:text/text | messages /messages/*/content | google /contents/*/parts/*/text
    | responses /input/*/content | * =
/messages/*:assistant/content/*:text/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:assistant/content/*:text/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /messages/*/content [{"type":"text","text":"Ho","cache_control":{"type":"ephemeral"}}] | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:assistant/content/*:refusal/type | openai azure compatible = | responses /input/*/content/*/type
    | * ~hint form
/messages/*:assistant/content/*:refusal/refusal | google ~hint /contents/*/parts/*/text | openai azure compatible =
    | responses /input/*/content/*/refusal | bedrock ~hint /messages/*/content/*/text | * ~hint /messages/*/content
/messages/*:assistant/cache_control = {"type":"ephemeral"} | messages /messages/*/content/*/cache_control | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:assistant/name = "n" | openai azure xai compatible = | * -hint
/messages/*:assistant/refusal = "No." | google ~hint /contents/*/parts/*/text | openai azure compatible =
    | responses /input/*/content/*/refusal | * ~hint /messages/*/content/*/text
/messages/*:assistant/audio = {"id":"audio_1"} | openai azure xai compatible = | * -contract
/messages/*:assistant/audio/id = "audio_1" | openai azure xai compatible = | * -contract
/messages/*:assistant/annotations = [{"type":"url_citation","url_citation":{"url":"https://x.example","title":"X","start_index":0,"end_index":2}}]
    | openai azure xai compatible = | * -hint
/messages/*:assistant/citations = ["https://x.example"] | openai azure xai compatible = | * -hint
/messages/*:assistant/function_call | chat = | groq /messages/*/tool_calls/*/function & /messages/*/name -hint | * form
/messages/*:assistant/function_call/name | messages /tools/*/name | google /tools/*/functionDeclarations/*/name
    | responses /input/*/name | groq /functions/*/name & /messages/*/name -hint
    | bedrock /toolConfig/tools/*/toolSpec/name | * =
/messages/*:assistant/function_call/arguments | messages /messages/*/content/*/input/a 1
    | google /contents/*/parts/*/functionCall/args/a 1 | responses /input/*/arguments
    | groq /messages/*/tool_calls/*/function/arguments | bedrock /messages/*/content/*/toolUse/input/a 1 | * =
# Reasoning of the history
/messages/*:assistant/reasoning_content = "hm" | xai compatible = | groq /messages/*/reasoning | * -quality
/messages/*:assistant/reasoning = "hm" | xai /messages/*/reasoning_content | groq compatible = | * -quality
/messages/*:assistant/thinking_blocks = [{"type":"thinking","thinking":"hm","signature":"c2ln"}]
    | messages /messages/*/content [{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"Ho"}]
    | compatible = | bedrock /messages/*/content/*/reasoningContent/reasoningText {"text":"hm","signature":"c2ln"}
    | * -quality
/messages/*:assistant/thinking_blocks/*:thinking/type | messages /messages/*/content/*/type | compatible =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText {"text":"hm","signature":"c2ln"} | * -quality
/messages/*:assistant/thinking_blocks/*:thinking/thinking | messages /messages/*/content/*/thinking | compatible =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText/text | * -quality
/messages/*:assistant/thinking_blocks/*:thinking/signature | messages /messages/*/content/*/signature | compatible =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText/signature | * -quality
/messages/*:assistant/thinking_blocks/*:redacted_thinking/type | messages /messages/*/content/*/type | compatible =
    | bedrock /messages/*/content/*/reasoningContent/redactedContent "WkdGMFlRPT0=" | * -quality
/messages/*:assistant/thinking_blocks/*:redacted_thinking/data | messages /messages/*/content/*/data | compatible =
    | bedrock form | * -quality
/messages/*:assistant/content/*:thinking/type | messages compatible = | bedrock form | * -quality
/messages/*:assistant/content/*:thinking/thinking | messages compatible =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText/text | * -quality
/messages/*:assistant/content/*:thinking/signature | messages compatible =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText/signature | * -quality
/messages/*:assistant/content/*:redacted_thinking/type | messages compatible = | bedrock form | * -quality
/messages/*:assistant/content/*:redacted_thinking/data | messages compatible = | bedrock form | * -quality
/messages/*:assistant/content_blocks = [{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"Ho"}]
    | messages /messages/*/content | compatible =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText {"text":"hm","signature":"c2ln"} | * -quality
/messages/*:assistant/extra_content = {"anthropic":{"signature":"c2ln"}}
    | messages /messages/*/content [{"type":"thinking","thinking":"","signature":"c2ln"},{"type":"text","text":"Ho"}]
    | compatible = | bedrock /messages/*/content/*/reasoningContent/reasoningText {"text":"","signature":"c2ln"}
    | * -quality
/messages/*:assistant/extra_content/anthropic/signature = "c2ln" | messages /messages/*/content/*/signature
    | compatible = | bedrock /messages/*/content/*/reasoningContent/reasoningText/signature | * -quality
/messages/*:assistant/extra_content/x_unknown = 1 | compatible = | * -hint
/messages/*:assistant/provider_specific_fields/x_unknown = 1 | compatible = | * -hint
/messages/*:assistant/provider_specific_fields = {"x":1} | compatible = | * -hint
/messages/*:assistant/reasoning_details = [{"type":"reasoning.text","text":"hm","signature":"c2ln","format":"anthropic-claude-v1","index":0}]
    | messages /messages/*/content [{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"Ho"}]
    | compatible = | bedrock /messages/*/content/*/reasoningContent/reasoningText {"text":"hm","signature":"c2ln"}
    | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.text/type | messages bedrock . | compatible = | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.text/text | messages /messages/*/content/*/thinking | compatible =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText/text | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.text/signature | messages /messages/*/content/*/signature
    | compatible = | bedrock /messages/*/content/*/reasoningContent/reasoningText/signature | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.text/format | messages bedrock . | compatible = | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.text/index | messages bedrock . | compatible = | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.encrypted/data | messages /messages/*/content/*/data | compatible =
    | bedrock form | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.encrypted/format | messages bedrock . | compatible = | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.summary/summary | xai /messages/*/reasoning_content
    | groq /messages/*/reasoning | compatible = | * -quality
# Calls and results
/messages/*:assistant/tool_calls | chat = | * form
/messages/*:assistant/tool_calls/*:function/id | messages /messages/*/content/*/id
    | google /contents/*/parts/*/functionCall/id | responses /input/*/call_id
    | bedrock /messages/*/content/*/toolUse/toolUseId | * =
/messages/*:assistant/tool_calls/*:function/type | openai azure xai compatible = | * .
/messages/*:assistant/tool_calls/*:function/index = 0 | openai azure xai compatible = | * -hint
/messages/*:assistant/tool_calls/*:function/function | chat = | * form
/messages/*:assistant/tool_calls/*:function/function/name | messages /tools/*/name
    | google /tools/*/functionDeclarations/*/name | responses /input/*/name | bedrock /toolConfig/tools/*/toolSpec/name
    | * =
/messages/*:assistant/tool_calls/*:function/function/arguments | messages /messages/*/content/*/input/a 1
    | google /contents/*/parts/*/functionCall/args/a 1 | responses /input/*/arguments
    | bedrock /messages/*/content/*/toolUse/input/a 1 | * =
/messages/*:assistant/tool_calls/*:function/function/thought_signature = "c2ln"
    | google /contents/*/parts/*/thoughtSignature | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/function/provider_specific_fields = {"thought_signature":"c2ln"}
    | google /contents/*/parts/*/thoughtSignature "c2ln" | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/function/provider_specific_fields/thought_signature = "c2ln"
    | google /contents/*/parts/*/thoughtSignature | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/thought_signature = "c2ln" | google /contents/*/parts/*/thoughtSignature
    | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/provider_specific_fields = {"thought_signature":"c2ln"}
    | google /contents/*/parts/*/thoughtSignature "c2ln" | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/provider_specific_fields/thought_signature = "c2ln"
    | google /contents/*/parts/*/thoughtSignature | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/extra_content = {"google":{"thought_signature":"c2ln"}}
    | google /contents/*/parts/*/thoughtSignature "c2ln" | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/extra_content/google/thought_signature = "c2ln"
    | google /contents/*/parts/*/thoughtSignature | compatible = | * -quality
/messages/*:assistant/tool_calls/*:function/provider_specific_fields/x_unknown = 1 | compatible = | * -hint
/messages/*:assistant/tool_calls/*:function/extra_content/x_unknown = 1 | compatible = | * -hint
/messages/*:assistant/tool_calls/*:function/cache_control = {"type":"ephemeral"}
    | messages /messages/*/content/*/cache_control | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:assistant/tool_calls/*:custom/id | messages /messages/*/content/*/id & /tools/* ~quality
    | google /contents/*/parts/*/functionCall/id & /tools/* ~quality | responses /input/*/call_id
    | xai groq = & /tools/* ~quality | bedrock /messages/*/content/*/toolUse/toolUseId & /tools/* ~quality | * =
/messages/*:assistant/tool_calls/*:custom/type | openai azure compatible = | responses /tools/*/type
    | * form & /tools/* ~quality
/messages/*:assistant/tool_calls/*:custom/custom | openai azure compatible = | responses form
    | * form & /tools/* ~quality
/messages/*:assistant/tool_calls/*:custom/custom/name | messages /tools/*/name & /tools/* ~quality
    | google /tools/*/functionDeclarations/*/name & /tools/* ~quality | responses /input/*/name
    | xai groq /tools/*/function/name & /tools/* ~quality
    | bedrock /toolConfig/tools/*/toolSpec/name & /tools/* ~quality | * =
/messages/*:assistant/tool_calls/*:custom/custom/input | messages /messages/*/content/*/input/input & /tools/* ~quality
    | google /contents/*/parts/*/functionCall/args/input & /tools/* ~quality | responses /input/*/input
    | xai groq form & /tools/* ~quality | bedrock /messages/*/content/*/toolUse/input/input & /tools/* ~quality | * =
/messages/*:tool/role | chat = | * form
/messages/*:tool/tool_call_id | messages /messages/*/content/*/id | google /contents/*/parts/*/functionCall/id
    | responses /input/*/call_id | bedrock /messages/*/content/*/toolUse/toolUseId | * =
/messages/*:tool/content | messages /messages/*/content/*/content
    | google /contents/*/parts/*/functionResponse/response/output | responses /input/*/output
    | bedrock /messages/*/content/*/toolResult/content/*/text | * =
/messages/*:tool/content/*:text/type | chat = | * form
/messages/*:tool/content/*:text/text | messages /messages/*/content/*/content
    | google /contents/*/parts/*/functionResponse/response/output | responses /input/*/output
    | bedrock /messages/*/content/*/toolResult/content/*/text | * =
/messages/*:tool/content/*:text/cache_control = {"type":"ephemeral"}
    | messages /messages/*/content/*/content/*/cache_control | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:tool/content/*:text/prompt_cache_breakpoint/** = {"mode":"explicit"}
    | messages /messages/*/content/*/content [{"type":"text","text":"done","cache_control":{"type":"ephemeral"}}]
    | compatible = | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:tool/content/*:image_url/type | chat ~quality = | google ~quality form | groq ! | compatible = | * form
/messages/*:tool/content/*:image_url/image_url | chat ~quality = | google ~quality form | groq ! | compatible = | * form
/messages/*:tool/content/*:image_url/image_url/url | messages /messages/*/content/*/content/*/source/data "iVBORw0KGgo="
    | google ~quality /contents/*/parts/*/inlineData/data "iVBORw0KGgo=" | responses /input/*/output/*/image_url
    | groq ! | compatible = | bedrock /messages/*/content/*/toolResult/content/*/image/source/bytes "iVBORw0KGgo="
    | * ~quality =
/messages/*:tool/content/*:image_url/image_url/detail = "low" | messages bedrock -hint
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_LOW" | responses /input/*/output/*/detail | groq !
    | * =
/messages/*:tool/cache_control = {"type":"ephemeral"} | messages /messages/*/content/*/cache_control | compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*:tool/name = "f" | chat = | groq -hint | * .
/messages/*:tool/is_error = true | openai azure xai compatible = | * -quality
/messages/*:function/role | chat = | responses /tools/*/type
    | groq /messages/*/tool_calls/*/type & /messages/*/name -hint | * form
/messages/*:function/name | messages /tools/*/name | google /tools/*/functionDeclarations/*/name
    | responses /input/*/name | groq -hint | bedrock /toolConfig/tools/*/toolSpec/name | * =
/messages/*:function/content | messages /messages/*/content/*/content
    | google /contents/*/parts/*/functionResponse/response/output | responses /input/*/output
    | bedrock /messages/*/content/*/toolResult/content/*/text | * =
# Tools
/tools = [{"type":"function","function":{"name":"f"}}]
    | messages /tools [{"name":"f","input_schema":{"type":"object","properties":{}}}]
    | google /tools [{"functionDeclarations":[{"name":"f"}]}]
    | responses /tools [{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]
    | bedrock /toolConfig/tools [{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]
    | * =
/tools/*:function/type | chat = | * .
/tools/*:function/function | messages responses bedrock form | google /tools/*/functionDeclarations/* | * =
/tools/*:function/function/name | messages responses /tools/*/name | google /tools/*/functionDeclarations/*/name
    | bedrock /toolConfig/tools/*/toolSpec/name | * =
/tools/*:function/function/description = "Does it." | messages responses /tools/*/description
    | google /tools/*/functionDeclarations/*/description | bedrock /toolConfig/tools/*/toolSpec/description | * =
/tools/*:function/function/parameters = {"type":"object","properties":{"a":{"type":"string"}}}
    | messages /tools/*/input_schema | google /tools/*/functionDeclarations/*/parametersJsonSchema
    | responses /tools/*/parameters | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json | * =
/tools/*:function/function/strict = true | messages responses /tools/*/strict
    | google /toolConfig/functionCallingConfig/mode "VALIDATED" | bedrock /toolConfig/tools/*/toolSpec/strict | * =
/tools/*:function/function/strict = false | chat = | * .
/tools/*:function/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock /toolConfig/tools/*/cachePoint/type "default" | * -cost
/tools/*:function/cache_control/ttl = "1h" | messages compatible = | bedrock /toolConfig/tools/*/cachePoint/ttl
    | * -cost
/tools/*:function/function/cache_control = {"type":"ephemeral"} | messages /tools/*/cache_control | compatible =
    | bedrock /toolConfig/tools/*/cachePoint/type "default" | * -cost
/tools/*:custom/type | openai responses azure compatible = | * ~quality form
/tools/*:custom/custom | openai azure compatible = | responses form | * ~quality form
/tools/*:custom/custom/name | messages ~quality /tools/*/name | google ~quality /tools/*/functionDeclarations/*/name
    | responses /tools/*/name | xai groq ~quality /tools/*/function/name
    | bedrock ~quality /toolConfig/tools/*/toolSpec/name | * =
/tools/*:custom/custom/description = "Does it." | messages responses /tools/*/description
    | google /tools/*/functionDeclarations/*/description | xai groq /tools/*/function/description
    | bedrock /toolConfig/tools/*/toolSpec/description | * =
/tools/*:custom/custom/format = {"type":"text"} | openai azure compatible = | responses /tools/*/format | * ~quality
/tools/*:custom/custom/format:text/type | openai azure compatible /tools/*/custom/format/type
    | responses /tools/*/format/type | * ~quality
/tools/*:custom/custom/format:grammar/type | openai azure compatible /tools/*/custom/format/type | responses .
    | * ~contract
/tools/*:custom/custom/format:grammar/grammar | openai azure compatible /tools/*/custom/format/grammar
    | responses /tools/*/format/syntax "lark" | * ~contract
/tools/*:custom/custom/format:grammar/grammar/definition
    | openai azure compatible /tools/*/custom/format/grammar/definition | responses /tools/*/format/definition
    | * ~contract
/tools/*:custom/custom/format:grammar/grammar/syntax | openai azure compatible /tools/*/custom/format/grammar/syntax
    | responses /tools/*/format/syntax | * ~contract
/tools/* = {"type":"web_search"} | messages /tools [{"type":"web_search_20250305","name":"web_search"}]
    | google /tools [{"googleSearch":{}}] | openai responses compatible = | * -contract
/tools/* = {"type":"google_search"} | messages /tools [{"type":"web_search_20250305","name":"web_search"}]
    | google /tools [{"googleSearch":{}}] | openai responses /tools [{"type":"web_search"}] | compatible = | * -contract
/tools/*:web_search/filters = {"allowed_domains":["x.example"]} | messages /tools/*/allowed_domains ["x.example"]
    | google -quality | openai responses compatible = | * -contract
/tools/*:web_search/search_context_size = "low" | messages google -hint | openai responses compatible = | * -contract
/tools/*:web_search/user_location = {"type":"approximate","country":"DE"} | messages openai responses compatible =
    | google -quality | * -contract
/tools/*:web_search/x_unknown = 1 | compatible = | messages google openai responses -quality | * -contract
/tools/*:web_search_*/allowed_domains = ["x.example"] | messages compatible = | google -quality
    | openai responses /tools/*/filters/allowed_domains | * -contract
/tools/*:web_search_*/user_location = {"type":"approximate","country":"DE"} | messages openai responses compatible =
    | google -quality | * -contract
/tools/*:web_search_*/max_uses = 3 | compatible = | messages google openai responses -quality | * -contract
/tools/* = {"type":"x_unknown"} | compatible = | * -contract
/tool_choice = "none" | messages /tool_choice/type | google /toolConfig/functionCallingConfig/mode "NONE"
    | bedrock ~hint | * =
/tool_choice = "auto" | messages /tool_choice/type | google /toolConfig/functionCallingConfig/mode "AUTO"
    | bedrock /toolConfig/toolChoice/auto {} | * =
/tool_choice = "required" | messages /tool_choice/type "any" | google /toolConfig/functionCallingConfig/mode "ANY"
    | bedrock /toolConfig/toolChoice/any {} | * =
/tool_choice = {"type":"function","function":{"name":"f"}} | messages /tool_choice {"type":"tool","name":"f"}
    | google /toolConfig/functionCallingConfig {"mode":"ANY","allowedFunctionNames":["f"]}
    | responses /tool_choice {"type":"function","name":"f"} | bedrock /toolConfig/toolChoice/tool/name "f" | * =
/tool_choice:function/type | chat /tool_choice/type | * .
/tool_choice:function/function | messages responses form | google /tools/*/functionDeclarations/*
    | bedrock /toolConfig/toolChoice/tool | * /tools/*/function
/tool_choice:function/function/name | messages responses /tools/*/name | google /tools/*/functionDeclarations/*/name
    | bedrock /toolConfig/toolChoice/tool/name | * /tools/*/function/name
/tool_choice = {"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}}
    | messages ~cost /tool_choice/type "auto" & /tools/* -hint
    | google /toolConfig/functionCallingConfig {"mode":"VALIDATED","allowedFunctionNames":["f"]}
    | responses /tool_choice {"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]}
    | xai groq ~cost /tool_choice "auto" & /tools/* -hint
    | bedrock ~cost /toolConfig/toolChoice/auto {} & /tools/* -hint | * =
/tool_choice:allowed_tools/type | google form | openai responses azure compatible /tool_choice/type
    | * ~cost form & /tools/* -hint
/tool_choice:allowed_tools/allowed_tools | google responses form | openai azure compatible /tool_choice/allowed_tools
    | * ~cost form & /tools/* -hint
/tool_choice:allowed_tools/allowed_tools/mode = "required" | messages /tool_choice/type "any"
    | google /toolConfig/functionCallingConfig/mode "ANY" | responses /tool_choice/mode | xai groq /tool_choice
    | bedrock /toolConfig/toolChoice/any {} | * /tool_choice/allowed_tools/mode
/tool_choice:allowed_tools/allowed_tools/tools | messages bedrock ~cost form & /tools/* -hint | google responses form
    | xai groq ~cost /tools & /tools/* -hint | * /tool_choice/allowed_tools/tools
/tool_choice:custom/type | openai responses azure compatible /tools/*/type | * form & /tools/* ~quality
/tool_choice:custom/custom | chat /tools/*/custom | responses form | xai groq /tool_choice/function & /tools/* ~quality
    | bedrock /toolConfig/toolChoice/tool & /tools/* ~quality | * form & /tools/* ~quality
/tool_choice:custom/custom/name | messages /tools/*/name & /tools/* ~quality
    | google /tools/*/functionDeclarations/*/name & /tools/* ~quality | responses /tools/*/name
    | xai groq /tools/*/function/name & /tools/* ~quality | bedrock /toolConfig/toolChoice/tool/name & /tools/* ~quality
    | * /tools/*/custom/name
/parallel_tool_calls = false | messages /tool_choice {"type":"auto","disable_parallel_tool_use":true} | google -quality
    | bedrock /additionalModelRequestFields/tool_choice {"type":"auto","disable_parallel_tool_use":true} | * =
/parallel_tool_calls = true | messages bedrock . | google . | * =
/functions = [{"name":"f"}] | messages /tools [{"name":"f","input_schema":{"type":"object","properties":{}}}]
    | google /tools/*/functionDeclarations
    | responses /tools [{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]
    | bedrock /toolConfig/tools [{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]
    | * =
/functions/*/name | messages responses /tools/*/name | google /tools/*/functionDeclarations/*/name
    | bedrock /toolConfig/tools/*/toolSpec/name | * =
/functions/*/description = "Does it." | messages responses /tools/*/description
    | google /tools/*/functionDeclarations/*/description | bedrock /toolConfig/tools/*/toolSpec/description | * =
/functions/*/parameters = {"type":"object","properties":{"a":{"type":"string"}}} | messages /tools/*/input_schema
    | google /tools/*/functionDeclarations/*/parametersJsonSchema | responses /tools/*/parameters
    | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json | * =
/function_call = "none" | messages /tool_choice/type | google /toolConfig/functionCallingConfig/mode "NONE"
    | responses /tool_choice | bedrock ~hint | * =
/function_call = "auto" | messages /tool_choice/type | google /toolConfig/functionCallingConfig/mode "AUTO"
    | responses /tool_choice | bedrock /toolConfig/toolChoice/auto {} | * =
/function_call = {"name":"f"} | messages /tool_choice {"type":"tool","name":"f"}
    | google /toolConfig/functionCallingConfig {"mode":"ANY","allowedFunctionNames":["f"]}
    | responses /tool_choice {"type":"function","name":"f"} | bedrock /toolConfig/toolChoice/tool | * =
/function_call/name = "f" | messages responses /tool_choice/name
    | google /toolConfig/functionCallingConfig/allowedFunctionNames/* | bedrock /toolConfig/toolChoice/tool/name | * =
# Format of the answer
/response_format = {"type":"text"} | chat = | * .
/response_format = {"type":"json_object"}
    | messages ~hint /tools [{"name":"json_answer","description":"Give the final answer to the user by calling this tool.","input_schema":{"type":"object","additionalProperties":true}}]
    | google /generationConfig/responseMimeType "application/json" | responses /text/format & /response_format +hint
    | azure groq = & /response_format +hint
    | bedrock ~hint /toolConfig {"tools":[{"toolSpec":{"name":"json_answer","description":"Give the final answer to the user by calling this tool.","inputSchema":{"json":{"type":"object","additionalProperties":true}}}}],"toolChoice":{"tool":{"name":"json_answer"}}}
    | * =
/response_format:text/type | chat /response_format/type | * form
/response_format:json_object/type | messages bedrock ~hint form | google form | responses /text/format/type
    | * /response_format/type
/response_format:json_schema/type | messages /output_config/format/type | google form | responses /text/format/type
    | groq ~hint form | bedrock /outputConfig/textFormat/type | * /response_format/type
/response_format:json_schema/json_schema | chat /response_format/json_schema | groq ~hint form | * form
/response_format:json_schema/json_schema/name | messages form | google form | responses /text/format/name
    | groq ~hint /tools/*/function/name | bedrock /outputConfig/textFormat/structure/jsonSchema/name
    | * /response_format/json_schema/name
/response_format:json_schema/json_schema/description = "An answer." | messages /output_config/format/schema/description
    | google /generationConfig/responseJsonSchema/description | responses /text/format/description
    | groq /tools/*/function/description | bedrock /outputConfig/textFormat/structure/jsonSchema/description
    | * /response_format/json_schema/description
/response_format:json_schema/json_schema/schema | messages /output_config/format/schema
    | google /generationConfig/responseJsonSchema | responses /text/format/schema | groq /tools/*/function/parameters
    | bedrock /outputConfig/textFormat {"type":"json_schema","structure":{"jsonSchema":{"schema":"{\\"type\\":\\"object\\",\\"properties\\":{\\"a\\":{\\"type\\":\\"string\\"}},\\"required\\":[\\"a\\"],\\"additionalProperties\\":false}","name":"answer"}}}
    | * /response_format/json_schema/schema
/response_format:json_schema/json_schema/strict = true | chat = | responses /text/format/strict | groq ~hint | * .
/verbosity = "low" | openai azure compatible = | responses /text/verbosity | * -quality
/verbosity = "low" (reasoning) | openai azure compatible = | responses /text/verbosity | * -quality
/modalities = ["text"] | google /generationConfig/responseModalities ["TEXT"] | openai azure compatible = | * .
/modalities = ["text","audio"] | openai azure compatible = | * -contract
/modalities = ["text","image"] | openai azure compatible = | * -contract
/audio = {"voice":"alloy","format":"wav"} | openai azure compatible = | * -contract
/audio/voice = "alloy" | openai azure compatible = | * -contract
/audio/voice/id = "voice_1" | openai azure compatible = | * -contract
/audio/format = "wav" | openai azure compatible = | * -contract
/prediction = {"type":"content","content":"x"} | openai azure compatible = | * -contract
/prediction:content/type | openai azure compatible /prediction/type | * -contract
/prediction:content/content/** | openai azure compatible /prediction/content | * -contract
/n = 1 | openai azure xai compatible = | * .
/n = 2 | google /generationConfig/candidateCount | openai azure xai compatible = | * -contract
/logprobs = true | google /generationConfig/responseLogprobs | openai azure compatible = | * -contract
/top_logprobs = 2 | google /generationConfig/logprobs | openai azure compatible = | * -contract
/moderation/** = {"model":"omni-moderation-latest"} | openai responses compatible = | * -contract
/stream = true | messages responses = | google url gemini-2.5-flash:streamGenerateContent?alt=sse
    | bedrock url converse-stream | * = & /stream_options/include_usage +hint
/stream_options = {"include_usage":true} | * here
/stream_options/include_usage = true | * here
/stream_options/include_obfuscation = true | chat = | * -hint
# Sampling and limits
/max_tokens = 100 | google /generationConfig/maxOutputTokens | responses /max_output_tokens
    | bedrock /inferenceConfig/maxTokens | * =
/max_completion_tokens = 100 | messages /max_tokens | google /generationConfig/maxOutputTokens
    | responses /max_output_tokens | bedrock /inferenceConfig/maxTokens | * =
/max_completion_tokens = 100 (reasoning) | messages /max_tokens | google /generationConfig/maxOutputTokens
    | responses /max_output_tokens | bedrock /inferenceConfig/maxTokens | * =
/max_tokens = 200 (twice) | chat = | * -hint
/temperature = 0.5 | google /generationConfig/temperature | responses -quality | bedrock /inferenceConfig/temperature
    | * =
/temperature = 0.5 (reasoning) | messages responses bedrock -quality | google /generationConfig/temperature | * =
/temperature = 1.5 | messages ~quality /temperature 1.0 | google /generationConfig/temperature | responses -quality
    | bedrock ~quality /inferenceConfig/temperature 1.0 | * =
/top_p = 0.5 | google /generationConfig/topP | responses -quality | bedrock /inferenceConfig/topP | * =
/top_p = 0.5 (reasoning) | messages responses bedrock -quality | google /generationConfig/topP | * =
/top_k = 5 | messages compatible = | google /generationConfig/topK | bedrock /additionalModelRequestFields/top_k
    | * -quality
/presence_penalty = 0.5 | google /generationConfig/presencePenalty | openai azure compatible = | xai -contract
    | * -quality
/frequency_penalty = 0.5 | google /generationConfig/frequencyPenalty | openai azure compatible = | xai -contract
    | * -quality
/seed = 7 | messages responses bedrock -hint | google /generationConfig/seed | * =
/stop = "END" | messages /stop_sequences/* | google /generationConfig/stopSequences/* | responses xai -contract
    | bedrock /inferenceConfig/stopSequences/* | * =
/stop = ["END","STOP"] | messages /stop_sequences | google /generationConfig/stopSequences | responses xai -contract
    | bedrock /inferenceConfig/stopSequences | * =
/stop = ["a","b","c","d","e"] | messages /stop_sequences | google /generationConfig/stopSequences | compatible =
    | bedrock /inferenceConfig/stopSequences | * -contract
/stop = "END" (reasoning) | messages /stop_sequences/* | google /generationConfig/stopSequences/*
    | responses xai -contract | bedrock /inferenceConfig/stopSequences/* | * =
/logit_bias = {"50256":-100} | openai azure compatible = | * -contract
# Reasoning
/reasoning_effort = "none" (reasoning) | messages /thinking/type "disabled"
    | google ~quality /generationConfig/thinkingConfig/thinkingLevel "MINIMAL"
    | responses ~quality /reasoning/effort "low" | xai groq ~quality /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking/type "disabled" | * =
/reasoning_effort = "minimal" (reasoning) | messages ~quality /thinking {"type":"adaptive","display":"summarized"}
    | google /generationConfig/thinkingConfig {"thinkingLevel":"MINIMAL","includeThoughts":true}
    | responses ~quality /reasoning/effort "low" | compatible =
    | bedrock ~quality /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"}
    | * ~quality /reasoning_effort "low"
/reasoning_effort = "low" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true}
    | responses /reasoning/effort | bedrock /outputConfig/effort | * =
/reasoning_effort = "medium" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"MEDIUM","includeThoughts":true}
    | responses /reasoning/effort | bedrock /outputConfig/effort | * =
/reasoning_effort = "high" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses /reasoning/effort | bedrock /outputConfig/effort | * =
/reasoning_effort = "xhigh" (reasoning) | messages /output_config/effort
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses ~quality /reasoning/effort "high" | compatible = | bedrock /outputConfig/effort
    | * ~quality /reasoning_effort "high"
/reasoning_effort = "max" (reasoning) | messages /output_config/effort
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses ~quality /reasoning/effort "high" | compatible = | bedrock /outputConfig/effort
    | * ~quality /reasoning_effort "high"
/reasoning_effort = "low" | messages /thinking {"type":"enabled","budget_tokens":2700}
    | google /generationConfig/thinkingConfig {"thinkingBudget":2700,"includeThoughts":true}
    | responses /reasoning/effort | xai compatible =
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":2700} | * -quality
/reasoning_effort = "high" | messages /thinking {"type":"enabled","budget_tokens":8100}
    | google /generationConfig/thinkingConfig {"thinkingBudget":8100,"includeThoughts":true}
    | responses /reasoning/effort | xai compatible =
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":8100} | * -quality
/reasoning = {"effort":"low"} | messages /thinking {"type":"enabled","budget_tokens":2700}
    | google /generationConfig/thinkingConfig {"thinkingBudget":2700,"includeThoughts":true} | responses compatible =
    | xai /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":2700} | * -quality
/reasoning/effort = "low" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true} | responses compatible =
    | groq /reasoning_effort & /reasoning +hint | bedrock /outputConfig/effort | * /reasoning_effort
/reasoning/max_tokens = 2048 | messages /thinking/budget_tokens | google /generationConfig/thinkingConfig/thinkingBudget
    | responses ~quality /reasoning/effort "low" | xai ~quality /reasoning_effort "low" | compatible =
    | bedrock /additionalModelRequestFields/thinking/budget_tokens | * -quality
/reasoning/max_tokens = 2048 (reasoning) | messages ~quality /thinking {"type":"adaptive","display":"summarized"}
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true}
    | responses ~quality /reasoning/effort "low" | groq ~quality /reasoning_effort "low" & /reasoning +hint
    | compatible = | bedrock ~quality /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"}
    | * ~quality /reasoning_effort "low"
/reasoning/enabled = false (reasoning) | messages /thinking/type "disabled"
    | google ~quality /generationConfig/thinkingConfig/thinkingLevel "MINIMAL"
    | responses ~quality /reasoning/effort "low" | xai ~quality /reasoning_effort "low"
    | groq ~quality /reasoning_effort "low" & /reasoning +hint | compatible =
    | bedrock /additionalModelRequestFields/thinking/type "disabled" | * /reasoning_effort "none"
/reasoning/exclude = true (reasoning) | compatible = | * -hint
/reasoning/summary = "auto" (reasoning) | compatible = | * -hint
/reasoning/x_unknown = 1 (reasoning) | compatible = | * -hint
/reasoning_effort = "high" (twice) | compatible = | * -quality
/thinking/type = "enabled" | messages compatible = | google form | responses xai ~quality form
    | bedrock /additionalModelRequestFields/thinking/type | * -quality
/thinking = {"type":"enabled","budget_tokens":2048} | messages compatible =
    | google /generationConfig/thinkingConfig {"thinkingBudget":2048,"includeThoughts":true}
    | responses ~quality /reasoning/effort "low" | xai ~quality /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking | * -quality
/thinking = {"type":"adaptive"} (reasoning) | messages /thinking {"type":"adaptive","display":"summarized"}
    | google /generationConfig/thinkingConfig/includeThoughts true | responses xai . | groq . & /thinking +hint
    | compatible = | bedrock /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"}
    | * /reasoning_effort "medium"
/thinking = {"type":"disabled"} (reasoning) | google ~quality /generationConfig/thinkingConfig/thinkingLevel "MINIMAL"
    | openai azure /reasoning_effort "none" | responses ~quality /reasoning/effort "low"
    | xai ~quality /reasoning_effort "low" | groq ~quality /reasoning_effort "low" & /thinking +hint
    | bedrock /additionalModelRequestFields/thinking | * =
/thinking/budget_tokens = 2048 | messages compatible = | google /generationConfig/thinkingConfig/thinkingBudget
    | responses ~quality /reasoning/effort "low" | xai ~quality /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking/budget_tokens | * -quality
/thinking/display = "omitted" (reasoning) | messages compatible =
    | google /generationConfig/thinkingConfig/includeThoughts false | xai groq -hint
    | bedrock /additionalModelRequestFields/thinking/display | * .
# Caching
/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock ~hint /messages/*/content/*/cachePoint/type "default" | * -cost
/cache_control/ttl = "1h" | messages compatible = | bedrock ~hint /messages/*/content/*/cachePoint/ttl | * -cost
/prompt_cache_key = "k" | openai responses azure compatible = | xai header x-grok-conv-id | * -cost
/prompt_cache_retention = "24h" | openai responses azure compatible = | * -cost
/prompt_cache_retention = "24h" (reasoning) | openai responses azure compatible = | * -cost
/prompt_cache_options = {"mode":"explicit"} | openai responses azure compatible = | * -cost
/prompt_cache_options/mode = "explicit" | openai responses azure compatible = | * -cost
/prompt_cache_options/ttl = "30m" | openai responses azure compatible = | * -cost
# About the request
/user = "u" | messages /metadata/user_id | google -hint | bedrock /requestMetadata/user | * =
/safety_identifier = "u" | messages /metadata/user_id | google -hint | groq /user | bedrock /requestMetadata/user | * =
/metadata = {"a":"b"} | messages xai groq -hint | google /labels | bedrock /requestMetadata | * =
/store = true | openai responses azure compatible gemini = | * -hint
/service_tier = "flex" | messages xai -cost | google /serviceTier | bedrock /serviceTier/type | * =
/service_tier = "priority" | messages -cost | google /serviceTier | groq /service_tier "performance"
    | bedrock /serviceTier/type | * =
/service_tier = "auto" | google xai . | bedrock /serviceTier/type "default" | * =
# Searching
/web_search_options = {} | messages /tools [{"type":"web_search_20250305","name":"web_search"}]
    | google /tools/*/googleSearch | openai compatible = | responses /tools [{"type":"web_search"}] | * -contract
/web_search_options/search_context_size = "low" | messages -hint | google -hint | openai compatible =
    | responses /tools/*/search_context_size | * -contract
/web_search_options/user_location = {"type":"approximate","approximate":{"country":"DE"}}
    | messages responses /tools/*/user_location {"type":"approximate","country":"DE"} | google -quality
    | openai compatible = | * -contract
/web_search_options/user_location:approximate/type | messages responses . | google -quality
    | openai compatible /web_search_options/user_location/type | * -contract
/web_search_options/user_location:approximate/approximate = {"country":"DE"} | messages responses form | google -quality
    | openai compatible /web_search_options/user_location/approximate | * -contract
/web_search_options/user_location:approximate/approximate/city = "Ulm" | messages responses /tools/*/user_location/city
    | google -quality | openai compatible /web_search_options/user_location/approximate/city | * -contract
/web_search_options/user_location:approximate/approximate/country = "DE"
    | messages responses /tools/*/user_location/country | google -quality
    | openai compatible /web_search_options/user_location/approximate/country | * -contract
/web_search_options/user_location:approximate/approximate/region = "BW"
    | messages responses /tools/*/user_location/region | google -quality
    | openai compatible /web_search_options/user_location/approximate/region | * -contract
/web_search_options/user_location:approximate/approximate/timezone = "Europe/Berlin"
    | messages responses /tools/*/user_location/timezone | google -quality
    | openai compatible /web_search_options/user_location/approximate/timezone | * -contract
# What nobody knows
/web_search_options/filters = "x" | openai compatible = | * -quality
/x_unknown = 1 | chat = | * -contract
/messages/*:user/x_unknown = 1 | openai azure xai compatible = | * -quality
/messages/*:assistant/x_unknown = 1 | openai azure xai compatible = | * -quality
/messages/*:user/content/*:text/x_unknown = 1 | chat = | * -quality
/messages/*:assistant/tool_calls/*:function/x_unknown = 1 | openai azure xai compatible = | * -quality
/tools/*:function/x_unknown = 1 | chat = | * -quality
/tools/*:function/function/x_unknown = 1 | chat = | * -quality
/response_format:json_schema/json_schema/x_unknown = 1
    | openai azure xai compatible /response_format/json_schema/x_unknown | * -quality
/messages/*:system/x_unknown = 1 | openai azure xai compatible = | * -quality
/messages/*:system/content/*/x_unknown = 1 | chat = | * -quality
/messages/*:developer/x_unknown = 1 | openai azure xai compatible = | * -quality
/messages/*:developer/content/*/x_unknown = 1 | chat = | * -quality
/messages/*:user/content/*:image_url/x_unknown = 1 | chat = | groq ! | * -quality
/messages/*:user/content/*:input_audio/x_unknown = 1 | google -quality | openai azure compatible = | * !
/messages/*:user/content/*:video_url/x_unknown = 1 | google -quality | compatible = | * !
/messages/*:user/content/*:file/x_unknown = 1 | openai compatible = | xai groq ! | * -quality
/messages/*:assistant/content/*:text/x_unknown = 1 | chat = | * -quality
/messages/*:assistant/content/*:refusal/x_unknown = 1 | openai azure compatible = | * -quality
/messages/*:assistant/content/*:thinking/x_unknown = 1 | compatible = | * -quality
/messages/*:assistant/content/*:redacted_thinking/x_unknown = 1 | compatible = | * -quality
/messages/*:assistant/thinking_blocks/*:thinking/x_unknown = 1 | compatible = | * -quality
/messages/*:assistant/thinking_blocks/*:redacted_thinking/x_unknown = 1 | compatible = | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.text/x_unknown = 1 | compatible = | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.encrypted/x_unknown = 1 | compatible = | * -quality
/messages/*:assistant/reasoning_details/*:reasoning.summary/x_unknown = 1 | compatible = | * -quality
/messages/*:assistant/tool_calls/*:custom/x_unknown = 1 | openai azure compatible = | * -quality
/messages/*:assistant/function_call/x_unknown = 1 | openai azure xai compatible = | * -quality
/messages/*:tool/x_unknown = 1 | openai azure xai compatible = | * -quality
/messages/*:tool/content/*:text/x_unknown = 1 | chat = | * -quality
/messages/*:tool/content/*:image_url/x_unknown = 1 | chat = | groq ! | * -quality
/messages/*:function/x_unknown = 1 | openai azure xai compatible = | * -quality
/tools/*:web_search_*/x_unknown = 1 | azure xai groq bedrock -contract | compatible = | * -quality
/tools/*:custom/x_unknown = 1 | openai azure compatible = | * -quality
/tools/*:custom/custom/format:text/x_unknown = 1 | openai azure compatible = | * -quality
/tools/*:custom/custom/format:grammar/x_unknown = 1 | openai azure compatible = | * -quality
/tool_choice:function/x_unknown = 1 | chat = | * -quality
/tool_choice:custom/x_unknown = 1 | openai azure compatible = | * -quality
/tool_choice:allowed_tools/x_unknown = 1 | openai azure compatible = | * -quality
/functions/*/x_unknown = 1 | chat = | * -quality
/response_format:json_schema/x_unknown = 1 | openai azure xai compatible = | * -quality
/web_search_options/user_location/x_unknown = 1 | openai compatible = | * -quality
/web_search_options/user_location:approximate/x_unknown = 1 | openai compatible = | * -quality
/prediction:content/x_unknown = 1 | openai azure compatible = | * -contract
/response_format:text/x_unknown = 1 | chat = | * -quality
/response_format:json_object/x_unknown = 1 | chat = | * -quality
# What only Groq's official types have
/citation_options = "enabled" | chat = | * -hint
/compound_custom/** = {"models":{"answering_model":"m"}} | chat = | * -contract
/disable_tool_validation = true | chat = | * -hint
/documents/** = [{"id":"d","source":{"type":"text","text":"x"}}] | chat = | * -contract
/exclude_domains = ["x.example"] | chat = | * -quality
/include_domains = ["x.example"] | chat = | * -quality
/include_reasoning = true | chat = | * -hint
/include_reasoning = true (reasoning) | chat = | groq . | * -hint
/reasoning_format = "parsed" | chat = | * -hint
/reasoning_format = "parsed" (reasoning) | chat = | * -hint
/search_settings/** = {"country":"DE"} | chat = | * -quality
/messages/*/content/*:document/** = {"type":"document","document":{"data":{"a":1},"id":"d"}} | chat = | * !
# What only xAI has
/search_parameters/** = {"mode":"auto"} | openai azure groq compatible = | * -contract
/deferred = true | openai azure groq compatible = | * -contract
"""
