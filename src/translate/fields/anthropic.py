"""Fields of clients of Anthropic Messages, and what becomes of each: see `table`."""

from __future__ import annotations

from typing import Final

ROWS: Final = """
# The conversation
/model | * form
/messages | google bedrock form | responses /input | * =
/messages/*/role | google /contents/*/role | responses /input/*/role | * =
/messages/*/content | google /contents/*/parts/*/text | responses /input/*/content | bedrock /messages/*/content/*/text
    | * =
/messages/*:assistant/role | google form | responses /input/*/role | * =
/messages/*:assistant/content | google /contents/*/parts/*/text | responses /input/*/content
    | bedrock /messages/*/content/*/text | * =
/messages/*:system/role | google bedrock ~quality form | responses /input/*/role | * =
/messages/*:system/content | google ~quality /systemInstruction/parts/*/text | responses /input/*/content
    | bedrock ~quality /system/*/text | * =
/messages/*/clear_at = 1 | messages = | * -quality
/messages/*/output_config/** = {"effort":"low"} | messages = | * -quality
/system = "Be kind" | messages = | google /systemInstruction/parts/*/text | responses /input/*/content
    | bedrock /system/*/text | * /messages/*/content
/system = [{"type":"text","text":"Be kind"}] | messages = | google /systemInstruction/parts [{"text":"Be kind"}]
    | responses /input/*/role "system" | bedrock /system [{"text":"Be kind"}] | * /messages/*/role "system"
/system/*/type | messages = | * form
/system/*/text | messages bedrock = | google /systemInstruction/parts/*/text | responses /input/*/content
    | * /messages/*/content
/system/*/cache_control = {"type":"ephemeral"} | messages = | compatible /messages/*/content/*/cache_control
    | bedrock /system/*/cachePoint/type "default" | * -cost
/system/*/cache_control:ephemeral/type = "ephemeral" | messages = | compatible /messages/*/content/*/cache_control/type
    | bedrock /system/*/cachePoint/type "default" | * -cost
/system/*/cache_control:ephemeral/ttl = "1h" | messages = | compatible /messages/*/content/*/cache_control/ttl
    | bedrock /system/*/cachePoint/ttl | * -cost
/system/*/citations/** = [{"type":"char_location","cited_text":"x","document_index":0,"document_title":"t","start_char_index":0,"end_char_index":1}]
    | messages = | * -hint
# Text and media
/messages/*/content/*:text/type | messages = | * form
/messages/*/content/*:text/text | messages bedrock = | google /contents/*/parts/*/text | responses /input/*/content
    | * /messages/*/content
/messages/*/content/*:text/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:text/cache_control:ephemeral/type = "ephemeral" | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:text/cache_control:ephemeral/ttl = "1h" | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/ttl | * -cost
/messages/*:assistant/content/*:text/citations/** = [{"type":"web_search_result_location","url":"https://x.example","title":"t","encrypted_index":"e","cited_text":"c"}]
    | messages = | * -hint
/messages/*/content/*:text/citations/** = [{"type":"char_location","cited_text":"x","document_index":0,"document_title":"t","start_char_index":0,"end_char_index":1}]
    | messages = | * -hint
/messages/*/content/*:image/type | messages = | groq ! | * form
/messages/*/content/*:image/source | messages = | groq ! | * form
/messages/*/content/*:image/source:base64/type | messages = | groq ! | * form
/messages/*/content/*:image/source:base64/media_type | messages = | groq ! | * .
/messages/*/content/*:image/source:base64/data | messages = | google /contents/*/parts/*/inlineData/data | groq !
    | bedrock /messages/*/content/*/image/source/bytes | * form
/messages/*/content/*:image/source:url/type | groq ! | anthropic = | * form
/messages/*/content/*:image/source:url/url | google /contents/*/parts/*/fileData/fileUri
    | responses /input/*/content/*/image_url | groq ! | anthropic = | vertex_claude bedrock form
    | * /messages/*/content/*/image_url/url
/messages/*/content/*:image/source:file/type | messages = | * !
/messages/*/content/*:image/source:file/file_id | messages = | * !
/messages/*/content/*:image/cache_control = {"type":"ephemeral"} | messages compatible = | groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:image/cache_control:ephemeral/type = "ephemeral" | messages compatible = | groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:image/cache_control:ephemeral/ttl = "1h" | messages compatible = | groq !
    | bedrock /messages/*/content/*/cachePoint/ttl | * -cost
/messages/*/content/*:image/transformations = {"oversized_image":"error"} | messages = | groq ! | * -hint
/messages/*/content/*:image/transformations/oversized_image = "error" | messages = | groq ! | * -hint
/messages/*/content/*:document/type | messages = | xai groq ! | bedrock ~quality form | * form
/messages/*/content/*:document/source | messages = | xai groq ! | bedrock ~quality form | * form
/messages/*/content/*:document/source:base64/type | messages = | xai groq ! | bedrock ~quality form | * form
/messages/*/content/*:document/source:base64/media_type | messages = | xai groq ! | bedrock ~quality | * .
/messages/*/content/*:document/source:base64/data | messages = | google /contents/*/parts/*/inlineData/data | xai groq !
    | bedrock ~quality /messages/*/content/*/document/source/bytes | * form
/messages/*/content/*:document/source:text/type | messages = | google bedrock form | responses azure ~quality form
    | * ~quality /messages/*/content/*/type
/messages/*/content/*:document/source:text/media_type | messages = | google bedrock . | xai groq ~quality form
    | * ~quality
/messages/*/content/*:document/source:text/data | messages = | google bedrock form
    | responses azure ~quality /input/*/content/*/text | * ~quality /messages/*/content/*/text
/messages/*/content/*:document/source:content/type | messages = | * !
/messages/*/content/*:document/source:content/content/** | messages = | * !
/messages/*/content/*:document/source:url/type | xai groq ! | anthropic = | bedrock ~quality form | * form
/messages/*/content/*:document/source:url/url | google /contents/*/parts/*/fileData/fileUri
    | responses azure /input/*/content/*/file_url | xai groq ! | compatible /messages/*/content/*/file/file_url
    | anthropic = | bedrock ~quality form | * form
/messages/*/content/*:document/source:file/type | messages = | compatible /messages/*/content/*/type | * !
/messages/*/content/*:document/source:file/file_id | messages = | compatible /messages/*/content/*/file/file_id | * !
/messages/*/content/*:document/title = "a.pdf" | messages = | google /contents/*/parts/*/inlineData/displayName
    | responses azure /input/*/content/*/filename | xai groq ! | bedrock ~hint /messages/*/content/*/document/context
    | * /messages/*/content/*/file/filename
/messages/*/content/*:document/context = "From a drawer." | messages = | xai groq !
    | bedrock /messages/*/content/*/document/context | * -quality
/messages/*/content/*:document/citations = {"enabled":true} | messages = | xai groq !
    | bedrock /messages/*/content/*/document/citations | * -quality
/messages/*/content/*:document/citations/enabled = true | messages = | xai groq !
    | bedrock /messages/*/content/*/document/citations/enabled | * -quality
/messages/*/content/*:document/cache_control = {"type":"ephemeral"} | messages compatible = | xai groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:document/cache_control:ephemeral/type = "ephemeral" | messages compatible = | xai groq !
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:document/cache_control:ephemeral/ttl = "1h" | messages compatible = | xai groq !
    | bedrock /messages/*/content/*/cachePoint/ttl | * -cost
/messages/*/content/*:search_result/type | messages = | * !
/messages/*/content/*:search_result/source | messages = | * !
/messages/*/content/*:search_result/title | messages = | * !
/messages/*/content/*:search_result/content/** | messages = | * !
/messages/*/content/*:search_result/citations | messages = | * !
/messages/*/content/*:search_result/citations/enabled | messages = | * !
/messages/*/content/*:search_result/cache_control/** = {"type":"ephemeral"} | messages = | * !
/messages/*/content/*:search_result/cache_control:ephemeral/** = {"type":"ephemeral"} | messages = | * !
/messages/*/content/*:container_upload/** = {"type":"container_upload","file_id":"file_abc"} | messages = | * -quality
# Thinking of the history
/messages/*/content/*:thinking/type | messages = | bedrock form | * -quality
/messages/*/content/*:thinking/thinking | messages = | bedrock /messages/*/content/*/reasoningContent/reasoningText/text
    | * -quality
/messages/*/content/*:thinking/signature | messages =
    | bedrock /messages/*/content/*/reasoningContent/reasoningText/signature | * -quality
/messages/*/content/*:redacted_thinking/type | messages = | bedrock form | * -quality
/messages/*/content/*:redacted_thinking/data | messages = | bedrock form | * -quality
# Calls and results
/messages/*/content/*:tool_use/type | messages = | * form
/messages/*/content/*:tool_use/id | messages = | google /contents/*/parts/*/functionCall/id | responses /input/*/call_id
    | bedrock /messages/*/content/*/toolUse/toolUseId | * /messages/*/tool_call_id
/messages/*/content/*:tool_use/name | messages = | google /tools/*/functionDeclarations/*/name | responses /input/*/name
    | bedrock /toolConfig/tools/*/toolSpec/name | * /tools/*/function/name
/messages/*/content/*:tool_use/input | messages = | google /contents/*/parts/*/functionCall/args
    | bedrock /messages/*/content/*/toolUse/input | * form
/messages/*/content/*:tool_use/cache_control = {"type":"ephemeral"} | messages =
    | compatible /messages/*/tool_calls/*/cache_control | bedrock /messages/*/content/*/cachePoint/type "default"
    | * -cost
/messages/*/content/*:tool_use/cache_control:ephemeral/type = "ephemeral" | messages =
    | compatible /messages/*/tool_calls/*/cache_control/type | bedrock /messages/*/content/*/cachePoint/type "default"
    | * -cost
/messages/*/content/*:tool_use/cache_control:ephemeral/ttl = "1h" | messages =
    | compatible /messages/*/tool_calls/*/cache_control/ttl | bedrock /messages/*/content/*/cachePoint/ttl | * -cost
/messages/*/content/*:tool_use/caller = {"type":"direct"} | messages = | * -hint
/messages/*/content/*:tool_use/caller:*/** = {"type":"direct"} | messages = | * -hint
/messages/*/content/*:tool_use/toolset_name = "browser" | messages = | * -quality
/messages/*/content/*:tool_result/type | messages = | * form
/messages/*/content/*:tool_result/tool_use_id | messages = | google /contents/*/parts/*/functionCall/id
    | responses /input/*/call_id | bedrock /messages/*/content/*/toolUse/toolUseId | * /messages/*/tool_call_id
/messages/*/content/*:tool_result/content | messages = | google /contents/*/parts/*/functionResponse/response/output
    | responses /input/*/output | bedrock /messages/*/content/*/toolResult/content/*/text | * /messages/*/content
/messages/*/content/*:tool_result/is_error = true | messages =
    | google /contents/*/parts/*/functionResponse/response/error "done"
    | bedrock /messages/*/content/*/toolResult/status "error" | * -quality
/messages/*/content/*:tool_result/is_error = false | messages = | * .
/messages/*/content/*:tool_result/toolset_name = "browser" | messages = | * -quality
/messages/*/content/*:tool_result/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:tool_result/cache_control:ephemeral/type = "ephemeral" | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:tool_result/cache_control:ephemeral/ttl = "1h" | messages compatible =
    | bedrock /messages/*/content/*/cachePoint/ttl | * -cost
/messages/*/content/*:tool_result/content/*:text/type | messages = | * form
/messages/*/content/*:tool_result/content/*:text/text | messages =
    | google /contents/*/parts/*/functionResponse/response/output | responses /input/*/output
    | bedrock /messages/*/content/*/toolResult/content/*/text | * /messages/*/content
/messages/*/content/*:tool_result/content/*:text/cache_control = {"type":"ephemeral"} | messages =
    | compatible /messages/*/content/*/cache_control | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:tool_result/content/*:text/cache_control:ephemeral/** = {"type":"ephemeral"} | messages =
    | compatible /messages/*/content/*/cache_control | bedrock /messages/*/content/*/cachePoint/type "default" | * -cost
/messages/*/content/*:tool_result/content/*:text/citations/** = [] | messages = | * .
/messages/*/content/*:tool_result/content/*:image/** | messages =
    | google ~quality /contents/* {"role":"user","parts":[{"text":"Media of the tool result c1:"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}
    | responses /input/*/output [{"type":"input_text","text":"see"},{"type":"input_image","detail":"auto","image_url":"data:image/png;base64,iVBORw0KGgo="}]
    | groq !
    | bedrock /messages/*/content/*/toolResult/content/*/image {"format":"png","source":{"bytes":"iVBORw0KGgo="}}
    | * ~quality /messages/* {"role":"user","content":[{"type":"text","text":"Media of the tool result c1:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}
/messages/*/content/*:tool_result/content/*:image/source:base64/data | messages =
    | google ~quality /contents/*/parts/*/inlineData/data | responses form | groq !
    | bedrock /messages/*/content/*/toolResult/content/*/image/source/bytes | * ~quality form
/messages/*/content/*:tool_result/content/*:document/** | messages =
    | google ~quality /contents/* {"role":"user","parts":[{"text":"Media of the tool result c1:"},{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0xLjQK"}}]}
    | openai compatible ~quality /messages/* {"role":"user","content":[{"type":"text","text":"Media of the tool result c1:"},{"type":"file","file":{"filename":"document.pdf","file_data":"data:application/pdf;base64,JVBERi0xLjQK"}}]} & /messages/*/content/*/content/* +hint
    | responses /input/*/output [{"type":"input_text","text":"see"},{"type":"input_file","filename":"document.pdf","file_data":"data:application/pdf;base64,JVBERi0xLjQK"}] & /messages/*/content/*/content/* +hint
    | bedrock ~quality /messages/*/content/*/toolResult/content/*/document {"name":"document-1","format":"pdf","source":{"bytes":"JVBERi0xLjQK"}}
    | * !
/messages/*/content/*:tool_result/content/*:document/source:base64/data | messages =
    | google ~quality /contents/*/parts/*/inlineData/data | openai compatible ~quality form | responses form
    | bedrock ~quality /messages/*/content/*/toolResult/content/*/document/source/bytes | * !
/messages/*/content/*:tool_result/content/*:search_result/** | messages = | * !
/messages/*/content/*:tool_result/content/*:tool_reference/** | messages = | * !
/messages/*/content/*:tool_result/content/*:browser_state/** = {"type":"browser_state","tabs":[]} | messages = | * !
/messages/*/content/*:server_tool_use/** | messages = | * -quality
/messages/*/content/*:web_search_tool_result/** = {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}
    | messages = | * -quality
/messages/*/content/*:web_fetch_tool_result/** = {"type":"web_fetch_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"web_fetch_tool_error","error_code":"unavailable"}}
    | messages = | * -quality
/messages/*/content/*:code_execution_tool_result/** = {"type":"code_execution_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"code_execution_tool_result_error","error_code":"unavailable"}}
    | messages = | * -quality
/messages/*/content/*:bash_code_execution_tool_result/** = {"type":"bash_code_execution_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"bash_code_execution_tool_result_error","error_code":"unavailable"}}
    | messages = | * -quality
/messages/*/content/*:text_editor_code_execution_tool_result/** = {"type":"text_editor_code_execution_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"text_editor_code_execution_tool_result_error","error_code":"unavailable"}}
    | messages = | * -quality
/messages/*/content/*:tool_search_tool_result/** = {"type":"tool_search_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"tool_search_tool_result_error","error_code":"unavailable"}}
    | messages = | * -quality
/messages/*/content/*:advisor_tool_result/** = {"type":"advisor_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"advisor_result","text":"x"}}
    | messages = | * -quality
/messages/*/content/*:mcp_tool_use/** = {"type":"mcp_tool_use","id":"m1","name":"f","server_name":"s","input":{}}
    | messages = | * -quality
/messages/*/content/*:mcp_tool_result/** = {"type":"mcp_tool_result","tool_use_id":"m1","content":"x"} | messages =
    | * -quality
/messages/*/content/*:mcp_tool_listing/** = {"type":"mcp_tool_listing","mcp_server_name":"s","tools":[]} | messages =
    | * -quality
/messages/*/content/*:compaction/** = {"type":"compaction","content":"so far"} | messages = | * -quality
/messages/*/content/*:tool_addition/** = {"type":"tool_addition","tool":{"type":"custom","name":"f"}} | messages =
    | * -quality
/messages/*/content/*:tool_removal/** = {"type":"tool_removal","tool":{"type":"custom","name":"f"}} | messages =
    | * -quality
/messages/*/content/*:fallback/** = {"type":"fallback","from":{"model":"a"},"to":{"model":"b"}} | messages =
    | * -quality
# Tools
/tools = [{"name":"f","input_schema":{"type":"object","properties":{}}}] | messages =
    | google /tools [{"functionDeclarations":[{"name":"f"}]}]
    | responses /tools [{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]
    | bedrock /toolConfig/tools [{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]
    | * /tools [{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]
/tools/*:custom/type = "custom" | messages = | * .
/tools/*:custom/name | messages responses = | google /tools/*/functionDeclarations/*/name
    | bedrock /toolConfig/tools/*/toolSpec/name | * /tools/*/function/name
/tools/*:custom/description = "Does it." | messages responses = | google /tools/*/functionDeclarations/*/description
    | bedrock /toolConfig/tools/*/toolSpec/description | * /tools/*/function/description
/tools/*:custom/input_schema/** = {"type":"object","properties":{"a":{"type":"string"}}} | messages =
    | google /tools/*/functionDeclarations/*/parametersJsonSchema | responses /tools/*/parameters
    | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json | * /tools/*/function/parameters
/tools/*:custom/input_schema:object/** = {"type":"object","properties":{"a":{"type":"string"}}} | messages =
    | google /tools/*/functionDeclarations/*/parametersJsonSchema | responses /tools/*/parameters
    | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json | * /tools/*/function/parameters
/tools/*:custom/strict = true | messages responses = | google /toolConfig/functionCallingConfig/mode "VALIDATED"
    | bedrock /toolConfig/tools/*/toolSpec/strict | * /tools/*/function/strict
/tools/*:custom/strict = false | messages = | google responses bedrock . | * /tools/*/function/strict
/tools/*:custom/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock /toolConfig/tools/*/cachePoint/type "default" | * -cost
/tools/*:custom/cache_control:ephemeral/type = "ephemeral" | messages compatible =
    | bedrock /toolConfig/tools/*/cachePoint/type "default" | * -cost
/tools/*:custom/cache_control:ephemeral/ttl = "1h" | messages compatible = | bedrock /toolConfig/tools/*/cachePoint/ttl
    | * -cost
/tools/*:custom/eager_input_streaming = true | messages = | * -hint
/tools/*:custom/input_examples = [{"a":"x"}] | messages = | * -quality
/tools/*:custom/defer_loading = true | messages = | * -cost
/tools/*:custom/allowed_callers = ["direct"] | messages = | * .
/tools/*:custom/allowed_callers = ["code_execution_20260120"] | messages = | * -contract
/tools/*:web_search_*/type | messages = | google openai responses form | * -contract
/tools/*:web_search_*/name | messages = | google openai responses . | * -contract
/tools/*:web_search_*/max_uses = 3 | messages = | google openai responses -quality | * -contract
/tools/*:web_search_*/allowed_domains = ["x.example"] | messages = | google -quality
    | openai responses /tools/*/filters/allowed_domains | * -contract
/tools/*:web_search_*/blocked_domains = ["x.example"] | messages = | google openai responses -quality | * -contract
/tools/*:web_search_*/user_location | messages openai responses = | google -quality | * -contract
/tools/*:web_search_*/user_location:approximate/** = {"type":"approximate","city":"Ulm"} | messages openai responses =
    | google -quality | * -contract
/tools/*:web_search_*/user_location/city = "Bonn" | messages openai responses = | google -quality | * -contract
/tools/*:web_search_*/user_location/country = "DE" | messages openai responses = | google -quality | * -contract
/tools/*:web_search_*/user_location/region = "BW" | messages openai responses = | google -quality | * -contract
/tools/*:web_search_*/user_location/timezone = "Europe/Berlin" | messages openai responses = | google -quality
    | * -contract
/tools/*:web_search_*/cache_control = {"type":"ephemeral"} | messages = | compatible bedrock -contract | * -cost
/tools/*:web_search_*/cache_control:ephemeral/** = {"type":"ephemeral"} | messages = | compatible bedrock -contract
    | * -cost
/tools/*:web_search_*/allowed_callers = ["direct"] | messages = | google openai responses . | * -contract
/tools/*:web_search_*/allowed_callers = ["code_execution_20260120"] | messages = | * -contract
/tools/*:web_search_*/defer_loading = true | messages = | google openai responses -cost | * -contract
/tools/*:web_search_*/strict = true | messages = | google openai responses -quality | * -contract
/tools/*:web_search_*/response_inclusion = "none" | messages = | google openai responses -quality | * -contract
/tools/*:web_fetch_*/** = {"type":"web_fetch_20250910","name":"web_fetch"} | messages = | * -contract
/tools/*:bash_*/** = {"type":"bash_20250124","name":"bash"} | messages = | * -contract
/tools/*:code_execution_*/** = {"type":"code_execution_20250825","name":"code_execution"} | messages = | * -contract
/tools/*:computer_*/** = {"type":"computer_20250124","name":"computer","display_width_px":800,"display_height_px":600}
    | messages = | * -contract
/tools/*:browser_toolset_*/** = {"type":"browser_toolset_20260801"} | messages = | * -contract
/tools/*:memory_*/** = {"type":"memory_20250818","name":"memory"} | messages = | * -contract
/tools/*:text_editor_*/** = {"type":"text_editor_20250728","name":"str_replace_based_edit_tool"} | messages =
    | * -contract
/tools/*:tool_search_tool_*/** = {"type":"tool_search_tool_bm25_20251119","name":"tool_search_tool_bm25"} | messages =
    | * -contract
/tools/*:advisor_*/** = {"type":"advisor_20260301","name":"advisor","model":"claude-opus-4-8"} | messages =
    | * -contract
/tools/*:mcp_toolset/** = {"type":"mcp_toolset","mcp_server_name":"s"} | messages = | * -contract
/tool_choice = {"type":"auto"} | messages = | google /toolConfig/functionCallingConfig/mode "AUTO"
    | bedrock /toolConfig/toolChoice/auto {} | * /tool_choice "auto"
/tool_choice = {"type":"any"} | messages = | google /toolConfig/functionCallingConfig/mode "ANY"
    | bedrock /toolConfig/toolChoice/any {} | * /tool_choice "required"
/tool_choice = {"type":"tool","name":"f"} | messages =
    | google /toolConfig/functionCallingConfig {"mode":"ANY","allowedFunctionNames":["f"]}
    | responses /tool_choice {"type":"function","name":"f"} | bedrock /toolConfig/toolChoice/tool/name "f"
    | * /tool_choice {"type":"function","function":{"name":"f"}}
/tool_choice = {"type":"none"} | messages = | google /toolConfig/functionCallingConfig/mode "NONE" | bedrock ~hint
    | * /tool_choice "none"
/tool_choice:auto/type | messages = | google bedrock form | * /tool_choice
/tool_choice:auto/disable_parallel_tool_use = true | messages = | google -quality
    | bedrock /additionalModelRequestFields/tool_choice/disable_parallel_tool_use | * /parallel_tool_calls false
/tool_choice:auto/disable_parallel_tool_use = false | messages = | google bedrock . | * /parallel_tool_calls true
/tool_choice:any/type | messages = | * form
/tool_choice:any/disable_parallel_tool_use = true | messages = | google -quality
    | bedrock /additionalModelRequestFields/tool_choice/disable_parallel_tool_use | * /parallel_tool_calls false
/tool_choice:tool/type | messages = | * form
/tool_choice:tool/name | messages responses = | google /tools/*/functionDeclarations/*/name
    | bedrock /toolConfig/toolChoice/tool/name | * /tools/*/function/name
/tool_choice:tool/disable_parallel_tool_use = true | messages = | google -quality
    | bedrock /additionalModelRequestFields/tool_choice/disable_parallel_tool_use | * /parallel_tool_calls false
/tool_choice:none/type | messages = | google form | bedrock ~hint form | * /tool_choice
# Format of the answer
/output_config = {"effort":"low"} (reasoning) | messages =
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true} | responses /reasoning
    | bedrock /outputConfig | * /reasoning_effort "low"
/output_config/format = {"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}
    | messages = | google /generationConfig/responseMimeType "application/json"
    | responses /text/format {"type":"json_schema","name":"output","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false},"strict":true}
    | groq ~hint /tools [{"type":"function","function":{"name":"output","description":"Give the final answer to the user by calling this tool.","parameters":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}}]
    | bedrock /outputConfig/textFormat {"type":"json_schema","structure":{"jsonSchema":{"schema":"{\\"type\\":\\"object\\",\\"properties\\":{\\"a\\":{\\"type\\":\\"string\\"}},\\"required\\":[\\"a\\"],\\"additionalProperties\\":false}","name":"output"}}}
    | * /response_format {"type":"json_schema","json_schema":{"name":"output","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false},"strict":true}}
/output_config/format:json_schema/type | messages = | google form | responses /text/format/type | groq ~hint form
    | bedrock /outputConfig/textFormat/type | * /response_format/type
/output_config/format:json_schema/schema | messages = | google /generationConfig/responseJsonSchema
    | responses /text/format/schema | groq ~hint /tools/*/function/parameters | bedrock form
    | * /response_format/json_schema/schema
/output_format/type | messages = | google form | responses /text/format/type | groq ~hint form
    | bedrock /outputConfig/textFormat/type | * /response_format/type
/output_format/schema | messages = | google /generationConfig/responseJsonSchema | responses /text/format/schema
    | groq ~hint /tools/*/function/parameters | bedrock form | * /response_format/json_schema/schema
/stream = true | google url gemini-2.5-flash:streamGenerateContent?alt=sse | bedrock url converse-stream | * =
# Sampling and limits
/max_tokens = 100 | messages compatible = | google /generationConfig/maxOutputTokens | responses /max_output_tokens
    | bedrock /inferenceConfig/maxTokens | * /max_completion_tokens
/temperature = 0.5 | google /generationConfig/temperature | responses -quality | bedrock /inferenceConfig/temperature
    | * =
/temperature = 0.5 (reasoning) | messages responses bedrock -quality | google /generationConfig/temperature | * =
/top_p = 0.5 | google /generationConfig/topP | responses -quality | bedrock /inferenceConfig/topP | * =
/top_k = 5 | messages = | google /generationConfig/topK | bedrock /additionalModelRequestFields/top_k | * -quality
/stop_sequences = ["END"] | messages = | google /generationConfig/stopSequences | responses xai -contract
    | bedrock /inferenceConfig/stopSequences | * /stop
# Reasoning
/output_config/effort = "low" (reasoning) | messages =
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true}
    | responses /reasoning/effort | bedrock /outputConfig/effort | * /reasoning_effort
/output_config/effort = "medium" (reasoning) | messages =
    | google /generationConfig/thinkingConfig {"thinkingLevel":"MEDIUM","includeThoughts":true}
    | responses /reasoning/effort | bedrock /outputConfig/effort | * /reasoning_effort
/output_config/effort = "high" (reasoning) | messages =
    | google /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses /reasoning/effort | bedrock /outputConfig/effort | * /reasoning_effort
/output_config/effort = "xhigh" (reasoning) | messages =
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses ~quality /reasoning/effort "high" | compatible /reasoning_effort | bedrock /outputConfig/effort
    | * ~quality /reasoning_effort "high"
/output_config/effort = "max" (reasoning) | messages =
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses ~quality /reasoning/effort "high" | compatible /reasoning_effort | bedrock /outputConfig/effort
    | * ~quality /reasoning_effort "high"
/output_config/task_budget/** = {"type":"tokens","total":5000} | messages = | * -quality
/output_config/task_budget:tokens/** = {"type":"tokens","total":5000} | messages = | * -quality
/thinking = {"type":"enabled","budget_tokens":2048} | messages =
    | google /generationConfig/thinkingConfig {"thinkingBudget":2048,"includeThoughts":true}
    | responses ~quality /reasoning/effort "low" | xai compatible ~quality /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking | * -quality
/thinking = {"type":"enabled","budget_tokens":2048} (reasoning) | messages ~quality /thinking/type "adaptive"
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true}
    | responses ~quality /reasoning/effort "low" | groq ~quality /reasoning_effort "low" & /thinking +hint
    | bedrock ~quality /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"}
    | * ~quality /reasoning_effort "low"
/thinking = {"type":"adaptive"} (reasoning) | messages = | google /generationConfig/thinkingConfig/includeThoughts true
    | responses xai . | groq . & /thinking +hint | compatible -quality
    | bedrock /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"}
    | * /reasoning_effort "medium"
/thinking = {"type":"disabled"} (reasoning) | messages =
    | google ~quality /generationConfig/thinkingConfig/thinkingLevel "MINIMAL"
    | responses ~quality /reasoning/effort "low" | xai ~quality /reasoning_effort "low"
    | groq ~quality /reasoning_effort "low" & /thinking +hint | compatible ~quality /reasoning_effort "none"
    | bedrock /additionalModelRequestFields/thinking | * /reasoning_effort "none"
/thinking = {"type":"between_tools"} (reasoning) | messages ~quality /thinking/type "disabled"
    | google ~quality /generationConfig/thinkingConfig/thinkingLevel "MINIMAL"
    | responses ~quality /reasoning/effort "low" | xai ~quality /reasoning_effort "low"
    | groq ~quality /reasoning_effort "low" & /thinking +hint | compatible -quality
    | bedrock ~quality /additionalModelRequestFields/thinking/type "disabled" | * ~quality /reasoning_effort "none"
/thinking:enabled/type | messages = | google form | responses xai compatible ~quality form
    | bedrock /additionalModelRequestFields/thinking/type | * -quality
/thinking:enabled/budget_tokens | messages = | google /generationConfig/thinkingConfig/thinkingBudget
    | responses ~quality /reasoning/effort "low" | xai compatible ~quality /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking/budget_tokens | * -quality
/thinking:enabled/display = "omitted" | messages = | google /generationConfig/thinkingConfig/includeThoughts false
    | responses compatible ~quality | xai -hint | bedrock /additionalModelRequestFields/thinking/display | * -quality
/thinking:enabled/display = "summarized" | messages = | google . | responses /reasoning/summary "auto"
    | xai compatible ~quality | bedrock /additionalModelRequestFields/thinking/display | * -quality
/thinking:enabled/block_binding/** = {"prefix_mismatch_behavior":"drop"} | messages = | * -quality
/thinking:adaptive/type (reasoning) | messages = | compatible -quality
    | bedrock /additionalModelRequestFields/thinking/type | * form
/thinking:adaptive/display = "omitted" (reasoning) | messages =
    | google /generationConfig/thinkingConfig/includeThoughts false | xai groq -hint | compatible -quality
    | bedrock /additionalModelRequestFields/thinking/display | * .
/thinking:adaptive/display = "summarized" (reasoning) | messages = | openai azure -hint
    | responses /reasoning/summary "auto" | compatible -quality | * .
/thinking:adaptive/block_binding/** = {"prefix_mismatch_behavior":"drop"} (reasoning) | messages = | * -quality
/thinking:disabled/type (reasoning) | messages = | openai azure form
    | bedrock /additionalModelRequestFields/thinking/type | * ~quality form
/thinking:between_tools/type (reasoning) | compatible -quality | * ~quality form
# Caching
/cache_control = {"type":"ephemeral"} | messages compatible =
    | bedrock ~hint /messages/*/content/*/cachePoint/type "default" | * -cost
/cache_control:ephemeral/type | messages = | compatible . | bedrock ~hint | * -cost
/cache_control:ephemeral/ttl = "1h" | messages compatible = | bedrock /messages/*/content/*/cachePoint/ttl | * -cost
# About the request
/metadata = {"user_id":"u"} | messages = | google -hint | bedrock /requestMetadata/user "u" | * /user "u"
/metadata/user_id = "u" | messages = | google -hint | bedrock /requestMetadata/user | * /user
/service_tier = "auto" | google xai . | bedrock /serviceTier/type "default" | * =
/service_tier = "standard_only" | messages = | google /serviceTier "standard" | groq /service_tier "on_demand"
    | bedrock /serviceTier/type "default" | * /service_tier "default"
/container/** = "container_1" | anthropic = | * -contract
/context_management/** = {"edits":[{"type":"clear_tool_uses_20250919"}]} | messages = | * -contract
/mcp_servers/** = [{"type":"url","name":"s","url":"https://x.example"}] | anthropic = | * -contract
/fallbacks/** = [{"model":"claude-opus-4-8"}] | anthropic = | * -hint
/fallback_credit_token/** = {"token":"t"} | anthropic = | * -hint
/speed = "fast" | anthropic = | * -cost
/inference_geo = "us" | anthropic = | * -contract
/diagnostics/** = {"previous_message_id":"m"} | messages = | * -hint
/billing_policy/** = {"type":"billing_policy"} | messages = | * -contract
/billing_policy:billing_policy/** = {"type":"billing_policy"} | messages = | * -contract
/compaction/** = {"type":"summarize"} | messages = | * -contract
/compaction:summarize/** = {"type":"summarize"} | messages = | * -contract
/thread/** = {"type":"create"} | messages = | * -contract
/thread:*/** = {"type":"create"} | messages = | * -contract
/anthropic_version = "2023-06-01" | anthropic = | * -hint
/anthropic_beta = ["context-1m-2025-08-07"] | messages = | * -hint
# What nobody knows
/x_unknown = 1 | messages = | * -contract
/messages/*/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:text/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:image/x_unknown = 1 | messages = | groq ! | * -quality
/messages/*/content/*:tool_use/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:tool_result/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:thinking/x_unknown = 1 | messages = | * -quality
/tools/*:custom/x_unknown = 1 | messages = | * -quality
/tool_choice:auto/x_unknown = 1 | messages = | * -quality
/thinking:enabled/x_unknown = 1 | messages = | * -quality
/output_config/x_unknown = 1 | messages = | * -quality
/output_config/format:json_schema/x_unknown = 1 | messages = | * -quality
/metadata/x_unknown = 1 | messages = | * -hint
/system/*/x_unknown = 1 | messages = | * -quality
/messages/*:assistant/x_unknown = 1 | messages = | * -quality
/messages/*:system/x_unknown = 1 | messages = | * -quality
/messages/*:assistant/content/*:text/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:image/source:url/x_unknown = 1 | groq ! | anthropic = | * -quality
/messages/*/content/*:image/source:file/x_unknown = 1 | messages = | * !
/messages/*/content/*:document/x_unknown = 1 | messages = | xai groq ! | * -quality
/messages/*/content/*:document/source:text/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:document/source:content/x_unknown = 1 | messages = | * !
/messages/*/content/*:document/source:url/x_unknown = 1 | xai groq ! | anthropic = | * -quality
/messages/*/content/*:document/source:file/x_unknown = 1 | messages = | compatible -quality | * !
/messages/*/content/*:search_result/x_unknown = 1 | messages = | * !
/messages/*/content/*:redacted_thinking/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:tool_result/content/*:text/x_unknown = 1 | messages = | * -quality
/messages/*/content/*:tool_result/content/*:image/x_unknown = 1 | messages = | groq ! | * -quality
/messages/*/content/*:tool_result/content/*:document/x_unknown = 1 | messages = | azure xai groq ! | * -quality
/messages/*/content/*:tool_result/content/*:search_result/x_unknown = 1 | messages = | * !
/messages/*/content/*:tool_result/content/*:tool_reference/x_unknown = 1 | messages = | * !
/messages/*/content/*:server_tool_use/x_unknown = 1 | messages = | * -quality
/tools/*:web_search_*/x_unknown = 1 | messages = | google openai responses -quality | * -contract
/tools/*:web_search_*/user_location/x_unknown = 1 | messages = | * -quality
/tool_choice:any/x_unknown = 1 | messages = | * -quality
/tool_choice:tool/x_unknown = 1 | messages = | * -quality
/tool_choice:none/x_unknown = 1 | messages = | * -quality
/thinking:adaptive/x_unknown = 1 | * -quality
/thinking:disabled/x_unknown = 1 | messages = | * -quality
/thinking:between_tools/x_unknown = 1 | * -quality
/output_format/x_unknown = 1 | messages = | * -quality
/cache_control:ephemeral/x_unknown = 1 | messages = | * -quality
"""
