"""Fields of clients of Amazon Bedrock Converse, and what becomes of each: see `table`."""

from __future__ import annotations

from typing import Final

ROWS: Final = """
# The conversation
/messages | bedrock = | * form
/messages/*/role | google /contents/*/role | responses /input/*/role | * =
/messages/*/content | google /contents/*/parts | bedrock = | * form
/messages/*/content/*/text | google /contents/*/parts/*/text | responses /input/*/content | bedrock =
    | * /messages/*/content
/messages/*:assistant/role | google form | responses /input/*/role | * =
/messages/*:assistant/content | google /contents/*/parts | bedrock = | * form
/messages/*:system/role | messages ~quality form | google ~quality form | responses /input/*/role | * =
/messages/*:system/content | messages ~quality form | google ~quality /systemInstruction/parts | bedrock = | * form
/messages/*/content/*/cachePoint | messages compatible form | bedrock = | * -cost
/messages/*/content/*/cachePoint/type | messages compatible . | bedrock = | * -cost
/messages/*/content/*/cachePoint/ttl = "1h" | messages compatible /messages/*/content/*/cache_control/ttl | bedrock =
    | * -cost
/system = [{"text":"Be kind"}] | messages /system [{"type":"text","text":"Be kind"}] | google /systemInstruction/parts
    | responses /input/*/role "system" | bedrock = | * /messages/*/role "system"
/system/*/text | messages bedrock = | google /systemInstruction/parts/*/text | responses /input/*/content
    | * /messages/*/content
/system/*/cachePoint | messages compatible form | bedrock = | * -cost
/system/*/cachePoint/type | messages compatible . | bedrock = | * -cost
/system/*/cachePoint/ttl = "1h" | messages /system/*/cache_control/ttl
    | compatible /messages/*/content/*/cache_control/ttl | bedrock = | * -cost
/system/*/guardContent/** | bedrock = | * !
# Media
/messages/*/content/*/image | groq ! | bedrock = | * form
/messages/*/content/*/image/format | groq ! | bedrock = | * .
/messages/*/content/*/image/source | groq ! | bedrock = | * form
/messages/*/content/*/image/source/bytes | messages /messages/*/content/*/source/data
    | google /contents/*/parts/*/inlineData/data | groq ! | bedrock = | * form
/messages/*/content/*/image/source/s3Location | compatible form | bedrock = | * !
/messages/*/content/*/image/source/s3Location/uri | compatible /messages/*/content/*/image_url/url | bedrock = | * !
/messages/*/content/*/image/source/s3Location/bucketOwner = "123456789012" | compatible -quality | bedrock = | * !
/messages/*/content/*/image/error/** = {"message":"m"} | groq ! | bedrock = | * -quality
/messages/*/content/*/document | xai groq ! | bedrock = | * form
/messages/*/content/*/document/format | xai groq ! | bedrock = | * .
/messages/*/content/*/document/name | messages /messages/*/content/*/title
    | google /contents/*/parts/*/inlineData/displayName | responses azure /input/*/content/*/filename | xai groq !
    | bedrock = | * /messages/*/content/*/file/filename
/messages/*/content/*/document/source | xai groq ! | bedrock = | * form
/messages/*/content/*/document/source/bytes | messages /messages/*/content/*/source/data
    | google /contents/*/parts/*/inlineData/data | xai groq ! | bedrock = | * form
/messages/*/content/*/document/source/text | messages /messages/*/content/*/source/data | google form | bedrock =
    | * ~quality form
/messages/*/content/*/document/source/content | bedrock = | * !
/messages/*/content/*/document/source/content/*/text | bedrock = | * !
/messages/*/content/*/document/source/s3Location | compatible form | bedrock = | * !
/messages/*/content/*/document/source/s3Location/uri | compatible /messages/*/content/*/file/file_url | bedrock = | * !
/messages/*/content/*/document/source/s3Location/bucketOwner = "123456789012" | compatible -quality | bedrock = | * !
/messages/*/content/*/document/context = "From a drawer." | messages /messages/*/content/*/context | xai groq !
    | bedrock = | * -quality
/messages/*/content/*/document/citations = {"enabled":true} | messages /messages/*/content/*/citations | xai groq !
    | bedrock = | * -quality
/messages/*/content/*/document/citations/enabled = true | messages /messages/*/content/*/citations/enabled | xai groq !
    | bedrock = | * -quality
/messages/*/content/*/video | google compatible form | bedrock = | * !
/messages/*/content/*/video/format | google compatible . | bedrock = | * !
/messages/*/content/*/video/source | google compatible form | bedrock = | * !
/messages/*/content/*/video/source/bytes | google /contents/*/parts/*/inlineData/data | compatible form | bedrock =
    | * !
/messages/*/content/*/video/source/s3Location | compatible form | bedrock = | * !
/messages/*/content/*/video/source/s3Location/uri | compatible /messages/*/content/*/video_url/url | bedrock = | * !
/messages/*/content/*/video/source/s3Location/bucketOwner = "123456789012" | compatible -quality | bedrock = | * !
/messages/*/content/*/audio | messages responses xai groq ! | bedrock = | * form
/messages/*/content/*/audio/format | messages responses xai groq ! | bedrock = | * .
/messages/*/content/*/audio/source | messages responses xai groq ! | bedrock = | * form
/messages/*/content/*/audio/source/bytes | google /contents/*/parts/*/inlineData/data
    | openai azure compatible /messages/*/content/*/input_audio/data | bedrock = | * !
/messages/*/content/*/audio/source/s3Location | compatible form | bedrock = | * !
/messages/*/content/*/audio/source/s3Location/uri | compatible /messages/*/content/*/file/file_url | bedrock = | * !
/messages/*/content/*/audio/source/s3Location/bucketOwner = "123456789012" | compatible -quality | bedrock = | * !
/messages/*/content/*/audio/error/** = {"message":"m"} | messages responses xai groq ! | bedrock = | * -quality
/messages/*/content/*/guardContent/** | bedrock = | * !
/messages/*/content/*/searchResult | bedrock = | * !
/messages/*/content/*/searchResult/source | bedrock = | * !
/messages/*/content/*/searchResult/title | bedrock = | * !
/messages/*/content/*/searchResult/content | bedrock = | * !
/messages/*/content/*/searchResult/content/*/text | bedrock = | * !
/messages/*/content/*/searchResult/citations | bedrock = | * !
/messages/*/content/*/searchResult/citations/enabled | bedrock = | * !
# What the model said
/messages/*/content/*/reasoningContent | messages form | bedrock = | * -quality
/messages/*/content/*/reasoningContent/reasoningText | messages form | bedrock = | * -quality
/messages/*/content/*/reasoningContent/reasoningText/text | messages /messages/*/content/*/thinking | bedrock =
    | * -quality
/messages/*/content/*/reasoningContent/reasoningText/signature | messages /messages/*/content/*/signature | bedrock =
    | * -quality
/messages/*/content/*/reasoningContent/redactedContent | messages form | bedrock = | * -quality
/messages/*/content/*/citationsContent | bedrock = | * form
/messages/*/content/*/citationsContent/content | google /contents/*/parts/*/text "Ho"
    | responses /input/*/type "message" | bedrock =
    | * /messages/*/content [{"type":"text","text":"Ho"},{"type":"text","text":"Ho"}]
/messages/*/content/*/citationsContent/content/*/text | google /contents/*/parts/*/text
    | responses /input/*/content/*/text | bedrock = | * /messages/*/content/*/text
/messages/*/content/*/citationsContent/citations/** | bedrock = | * -quality
# Calls and results
/messages/*/content/*/toolUse | bedrock = | * form
/messages/*/content/*/toolUse/toolUseId | messages /messages/*/content/*/id | google /contents/*/parts/*/functionCall/id
    | responses /input/*/call_id | bedrock = | * /messages/*/tool_call_id
/messages/*/content/*/toolUse/name | messages /tools/*/name | google /tools/*/functionDeclarations/*/name
    | responses /input/*/name | bedrock = | * /tools/*/function/name
/messages/*/content/*/toolUse/input | messages /messages/*/content/*/input
    | google /contents/*/parts/*/functionCall/args | bedrock = | * form
/messages/*/content/*/toolUse/type = "server_tool_use" | bedrock = | * !
/messages/*/content/*/toolResult | bedrock = | * form
/messages/*/content/*/toolResult/toolUseId | messages /messages/*/content/*/id
    | google /contents/*/parts/*/functionCall/id | responses /input/*/call_id | bedrock = | * /messages/*/tool_call_id
/messages/*/content/*/toolResult/content | messages /messages/*/content/*/content "done"
    | google /contents/*/parts/*/functionResponse/response/output "done" | responses /input/*/output "done" | bedrock =
    | * /messages/*/content "done"
/messages/*/content/*/toolResult/content/*/text | messages /messages/*/content/*/content
    | google /contents/*/parts/*/functionResponse/response/output | responses /input/*/output | bedrock =
    | * /messages/*/content
/messages/*/content/*/toolResult/content/*/json | google /contents/*/parts/*/functionResponse/response | bedrock =
    | * form
/messages/*/content/*/toolResult/content/*/image/** | messages responses form | groq ! | bedrock = | * ~quality form
/messages/*/content/*/toolResult/content/*/image/source/bytes | messages /messages/*/content/*/content/*/source/data
    | google ~quality /contents/*/parts/*/inlineData/data | responses form | groq ! | bedrock = | * ~quality form
/messages/*/content/*/toolResult/content/*/document/** | messages responses form | azure xai groq ! | bedrock =
    | * ~quality form
/messages/*/content/*/toolResult/content/*/document/source/bytes | messages /messages/*/content/*/content/*/source/data
    | google ~quality /contents/*/parts/*/inlineData/data | openai compatible ~quality form | responses form | bedrock =
    | * !
/messages/*/content/*/toolResult/content/*/video/** | google compatible ~quality form | bedrock = | * !
/messages/*/content/*/toolResult/content/*/searchResult/** | bedrock = | * !
/messages/*/content/*/toolResult/status = "error" | messages /messages/*/content/*/is_error true
    | google /contents/*/parts/*/functionResponse/response/error "done" | bedrock = | * -quality
/messages/*/content/*/toolResult/status = "success" | bedrock = | * .
/messages/*/content/*/toolResult/type = "web_search_result" | bedrock = | * -hint
/messages/*/content/*/toolAddition/** | bedrock = | * !
/messages/*/content/*/toolRemoval/** | bedrock = | * !
# Tools
/toolConfig = {"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]}
    | messages /tools [{"name":"f","input_schema":{"type":"object","properties":{}}}]
    | google /tools [{"functionDeclarations":[{"name":"f"}]}]
    | responses /tools [{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]
    | bedrock = | * /tools [{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]
/toolConfig/tools = [{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]
    | messages /tools [{"name":"f","input_schema":{"type":"object","properties":{}}}]
    | google /tools [{"functionDeclarations":[{"name":"f"}]}]
    | responses /tools [{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]
    | bedrock = | * /tools [{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]
/toolConfig/tools/*/toolSpec | bedrock = | * form
/toolConfig/tools/*/toolSpec/name | messages responses /tools/*/name | google /tools/*/functionDeclarations/*/name
    | bedrock = | * /tools/*/function/name
/toolConfig/tools/*/toolSpec/description = "Does it." | messages responses /tools/*/description
    | google /tools/*/functionDeclarations/*/description | bedrock = | * /tools/*/function/description
/toolConfig/tools/*/toolSpec/inputSchema | bedrock = | * form
/toolConfig/tools/*/toolSpec/inputSchema/json = {"type":"object","properties":{"a":{"type":"string"}}}
    | messages /tools/*/input_schema | google /tools/*/functionDeclarations/*/parametersJsonSchema
    | responses /tools/*/parameters | bedrock = | * /tools/*/function/parameters
/toolConfig/tools/*/toolSpec/strict = true | messages responses /tools/*/strict
    | google /toolConfig/functionCallingConfig/mode "VALIDATED" | bedrock = | * /tools/*/function/strict
/toolConfig/tools/*/toolSpec/strict = false | messages responses . | google . | bedrock = | * /tools/*/function/strict
/toolConfig/tools/*/systemTool | azure xai groq compatible -contract | bedrock = | * form
/toolConfig/tools/*/systemTool/name | messages /tools [{"type":"web_search_20250305","name":"web_search"}]
    | google /tools [{"googleSearch":{}}] | openai responses /tools [{"type":"web_search"}] | bedrock = | * -contract
/toolConfig/tools/*/cachePoint | messages compatible form | bedrock = | * -cost
/toolConfig/tools/*/cachePoint/type | messages compatible . | bedrock = | * -cost
/toolConfig/tools/*/cachePoint/ttl = "1h" | messages compatible /tools/*/cache_control/ttl | bedrock = | * -cost
/toolConfig/toolChoice = {"auto":{}} | messages /tool_choice/type "auto"
    | google /toolConfig/functionCallingConfig/mode "AUTO" | bedrock = | * /tool_choice "auto"
/toolConfig/toolChoice = {"any":{}} | messages /tool_choice/type "any"
    | google /toolConfig/functionCallingConfig/mode "ANY" | bedrock = | * /tool_choice "required"
/toolConfig/toolChoice = {"tool":{"name":"f"}} | messages /tool_choice {"type":"tool","name":"f"}
    | google /toolConfig/functionCallingConfig {"mode":"ANY","allowedFunctionNames":["f"]}
    | responses /tool_choice {"type":"function","name":"f"} | bedrock =
    | * /tool_choice {"type":"function","function":{"name":"f"}}
/toolConfig/toolChoice/auto = {} | messages /tool_choice/type "auto"
    | google /toolConfig/functionCallingConfig/mode "AUTO" | bedrock = | * /tool_choice "auto"
/toolConfig/toolChoice/any = {} | messages /tool_choice/type "any" | google /toolConfig/functionCallingConfig/mode "ANY"
    | bedrock = | * /tool_choice "required"
/toolConfig/toolChoice/tool = {"name":"f"} | messages /tool_choice {"type":"tool","name":"f"}
    | google /toolConfig/functionCallingConfig {"mode":"ANY","allowedFunctionNames":["f"]}
    | responses /tool_choice {"type":"function","name":"f"} | bedrock = | * /tool_choice/function
/toolConfig/toolChoice/tool/name = "f" | messages responses /tool_choice/name
    | google /toolConfig/functionCallingConfig/allowedFunctionNames/* | bedrock = | * /tool_choice/function/name
/additionalModelRequestFields/tool_choice = {"type":"auto","disable_parallel_tool_use":true} | messages /tool_choice
    | google -quality | bedrock = | * /parallel_tool_calls false
# Format of the answer
/outputConfig = {"effort":"low"} (reasoning) | messages /output_config
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true} | responses /reasoning
    | bedrock = | * /reasoning_effort "low"
/outputConfig/textFormat
    | messages /output_config/format {"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}
    | google /generationConfig {"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}
    | responses /text/format {"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false},"strict":true}
    | groq ~hint /tools [{"type":"function","function":{"name":"answer","description":"Give the final answer to the user by calling this tool.","parameters":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}}]
    | bedrock =
    | * /response_format {"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false},"strict":true}}
/outputConfig/textFormat/type | messages /output_config/format/type | google form | responses /text/format/type
    | groq ~hint form | bedrock = | * /response_format/type
/outputConfig/textFormat/structure | groq ~hint form | bedrock = | * form
/outputConfig/textFormat/structure/jsonSchema | groq ~hint form | bedrock = | * form
/outputConfig/textFormat/structure/jsonSchema/schema | groq ~hint form | bedrock = | * form
/outputConfig/textFormat/structure/jsonSchema/name | messages . | google . | responses /text/format/name
    | groq /tools/*/function/name | bedrock = | * /response_format/json_schema/name
/outputConfig/textFormat/structure/jsonSchema/description = "An answer."
    | messages /output_config/format/schema/description | google /generationConfig/responseJsonSchema/description
    | responses /text/format/description | groq /tools/*/function/description | bedrock =
    | * /response_format/json_schema/description
# Sampling and limits
/inferenceConfig = {"maxTokens":100} | messages compatible /max_tokens 100
    | google /generationConfig/maxOutputTokens 100 | responses /max_output_tokens 100 | bedrock =
    | * /max_completion_tokens 100
/inferenceConfig/maxTokens = 100 | messages compatible /max_tokens | google /generationConfig/maxOutputTokens
    | responses /max_output_tokens | bedrock = | * /max_completion_tokens
/inferenceConfig/temperature = 0.5 | google /generationConfig/temperature | responses -quality | bedrock =
    | * /temperature
/inferenceConfig/temperature = 0.5 (reasoning) | messages responses bedrock -quality
    | google /generationConfig/temperature | * /temperature
/inferenceConfig/topP = 0.5 | google /generationConfig/topP | responses -quality | bedrock = | * /top_p
/inferenceConfig/topP = 0.5 (reasoning) | messages responses bedrock -quality | google /generationConfig/topP | * /top_p
/inferenceConfig/stopSequences = ["END"] | messages /stop_sequences | google /generationConfig/stopSequences
    | responses xai -contract | bedrock = | * /stop
/additionalModelRequestFields = {"top_k":5} | messages /top_k 5 | google /generationConfig/topK 5 | bedrock =
    | * -quality
/additionalModelRequestFields/top_k = 5 | messages /top_k | google /generationConfig/topK | bedrock = | * -quality
/additionalModelRequestFields/inferenceConfig = {"topK":5} | messages /top_k 5 | google /generationConfig/topK 5
    | bedrock = | * -quality
/additionalModelRequestFields/anthropic_beta = ["context-1m-2025-08-07"] | bedrock = | * -hint
/additionalModelRequestFields/x_unknown = 1 | bedrock = | * -quality
# Reasoning
/outputConfig/effort = "low" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true}
    | responses /reasoning/effort | bedrock = | * /reasoning_effort
/outputConfig/effort = "medium" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"MEDIUM","includeThoughts":true}
    | responses /reasoning/effort | bedrock = | * /reasoning_effort
/outputConfig/effort = "high" (reasoning) | messages /output_config/effort
    | google /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses /reasoning/effort | bedrock = | * /reasoning_effort
/outputConfig/effort = "xhigh" (reasoning) | messages /output_config/effort
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses ~quality /reasoning/effort "high" | compatible /reasoning_effort | bedrock =
    | * ~quality /reasoning_effort "high"
/outputConfig/effort = "max" (reasoning) | messages /output_config/effort
    | google ~quality /generationConfig/thinkingConfig {"thinkingLevel":"HIGH","includeThoughts":true}
    | responses ~quality /reasoning/effort "high" | compatible /reasoning_effort | bedrock =
    | * ~quality /reasoning_effort "high"
/additionalModelRequestFields/thinking = {"type":"enabled","budget_tokens":2048} | messages /thinking
    | google /generationConfig/thinkingConfig {"thinkingBudget":2048,"includeThoughts":true}
    | responses ~quality /reasoning/effort "low" | xai compatible ~quality /reasoning_effort "low" | bedrock =
    | * -quality
/additionalModelRequestFields/thinking = {"type":"adaptive"} (reasoning)
    | messages /thinking {"type":"adaptive","display":"summarized"}
    | google /generationConfig/thinkingConfig/includeThoughts true | responses xai .
    | groq . & /additionalModelRequestFields/thinking +hint | compatible -quality | bedrock =
    | * /reasoning_effort "medium"
/additionalModelRequestFields/thinking = {"type":"disabled"} (reasoning) | messages /thinking
    | google ~quality /generationConfig/thinkingConfig/thinkingLevel "MINIMAL"
    | responses ~quality /reasoning/effort "low" | xai ~quality /reasoning_effort "low"
    | groq ~quality /reasoning_effort "low" & /additionalModelRequestFields/thinking +hint
    | compatible ~quality /reasoning_effort "none" | bedrock = | * /reasoning_effort "none"
/additionalModelRequestFields/thinking/display = "omitted" (reasoning) | messages /thinking/display
    | google /generationConfig/thinkingConfig/includeThoughts false | xai groq -hint | compatible -quality | bedrock =
    | * .
/additionalModelRequestFields/reasoning_config = {"type":"enabled","budget_tokens":2048} | messages /thinking
    | google /generationConfig/thinkingConfig {"thinkingBudget":2048,"includeThoughts":true}
    | responses ~quality /reasoning/effort "low" | xai compatible ~quality /reasoning_effort "low" | bedrock =
    | * -quality
/additionalModelRequestFields/reasoning_config = "low" | messages /thinking {"type":"enabled","budget_tokens":2700}
    | google /generationConfig/thinkingConfig {"thinkingBudget":2700,"includeThoughts":true}
    | responses /reasoning/effort | xai compatible /reasoning_effort
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":2700} | * -quality
/additionalModelRequestFields/reasoningConfig = {"type":"enabled","maxReasoningEffort":"low"}
    | messages /thinking {"type":"enabled","budget_tokens":2700}
    | google /generationConfig/thinkingConfig {"thinkingBudget":2700,"includeThoughts":true}
    | responses /reasoning/effort "low" | xai compatible /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":2700} | * -quality
/additionalModelRequestFields/reasoning_effort = "low" | messages /thinking {"type":"enabled","budget_tokens":2700}
    | google /generationConfig/thinkingConfig {"thinkingBudget":2700,"includeThoughts":true}
    | responses /reasoning/effort | xai compatible /reasoning_effort
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":2700} | * -quality
/additionalModelRequestFields/output_config = {"effort":"low"} (reasoning) | messages /output_config
    | google /generationConfig/thinkingConfig {"thinkingLevel":"LOW","includeThoughts":true} | responses /reasoning
    | groq /reasoning_effort "low" & /additionalModelRequestFields/output_config/effort +hint | bedrock =
    | * /reasoning_effort "low"
# About the request
/guardrailConfig | bedrock = | * -contract
/guardrailConfig/guardrailIdentifier | bedrock = | * -contract
/guardrailConfig/guardrailVersion | bedrock = | * -contract
/guardrailConfig/trace = "enabled" | bedrock = | * -contract
/guardrailConfig/streamProcessingMode = "sync" | bedrock = | * -contract
/projectIdentifier = "p" | bedrock = | * -hint
/promptVariables/** = {"a":{"text":"b"}} | bedrock = | * -contract
/additionalModelResponseFieldPaths = ["/stop_sequence"] | bedrock = | * -hint
/requestMetadata = {"a":"b"} | messages xai groq -hint | google /labels | bedrock = | * /metadata
/performanceConfig = {"latency":"optimized"} | bedrock = | * -cost
/performanceConfig/latency = "optimized" | bedrock = | * -cost
/serviceTier = {"type":"flex"} | messages xai -cost | google /serviceTier "flex" | bedrock = | * /service_tier "flex"
/serviceTier/type = "flex" | messages xai -cost | google /serviceTier | bedrock = | * /service_tier
/serviceTier/type = "priority" | messages -cost | google /serviceTier | groq /service_tier "performance" | bedrock =
    | * /service_tier
/serviceTier/type = "reserved" | bedrock = | * -cost
/serviceTier/type = "default" | messages /service_tier "standard_only" | google /serviceTier "standard"
    | groq /service_tier "on_demand" | bedrock = | * /service_tier
# What nobody knows
/x_unknown = 1 | bedrock = | * -contract
/messages/*/x_unknown = 1 | bedrock = | * -quality
/messages/*/content/*/image/x_unknown = 1 | groq ! | bedrock = | * -quality
/messages/*/content/*/toolUse/x_unknown = 1 | bedrock = | * -quality
/messages/*/content/*/toolResult/x_unknown = 1 | bedrock = | * -quality
/inferenceConfig/x_unknown = 1 | bedrock = | * -quality
/toolConfig/x_unknown = 1 | bedrock = | * -quality
/toolConfig/tools/*/toolSpec/x_unknown = 1 | bedrock = | * -quality
/outputConfig/x_unknown = 1 | bedrock = | * -quality
/system/*/x_unknown = 1 | * !
/system/*/cachePoint/x_unknown = 1 | bedrock = | * -quality
/system/*/guardContent/x_unknown = 1 | bedrock = | * !
/messages/*:system/x_unknown = 1 | bedrock = | * -quality
/messages/*:assistant/x_unknown = 1 | bedrock = | * -quality
/messages/*/content/*/x_unknown = 1 | * !
/messages/*/content/*/cachePoint/x_unknown = 1 | bedrock = | * -quality
/messages/*/content/*/image/source/s3Location/x_unknown = 1 | compatible -quality | bedrock = | * !
/messages/*/content/*/document/x_unknown = 1 | xai groq ! | bedrock = | * -quality
/messages/*/content/*/document/source/s3Location/x_unknown = 1 | compatible -quality | bedrock = | * !
/messages/*/content/*/video/x_unknown = 1 | google compatible -quality | bedrock = | * !
/messages/*/content/*/video/source/s3Location/x_unknown = 1 | compatible -quality | bedrock = | * !
/messages/*/content/*/audio/x_unknown = 1 | messages responses xai groq ! | bedrock = | * -quality
/messages/*/content/*/audio/source/s3Location/x_unknown = 1 | compatible -quality | bedrock = | * !
/messages/*/content/*/guardContent/x_unknown = 1 | bedrock = | * !
/messages/*/content/*/searchResult/x_unknown = 1 | bedrock = | * !
/messages/*/content/*/toolAddition/x_unknown = 1 | bedrock = | * !
/messages/*/content/*/toolRemoval/x_unknown = 1 | bedrock = | * !
/messages/*/content/*/citationsContent/x_unknown = 1 | bedrock = | * -quality
/messages/*/content/*/reasoningContent/x_unknown = 1 | bedrock = | * -quality
/messages/*/content/*/toolResult/content/*/x_unknown = 1 | * !
/messages/*/content/*/toolResult/content/*/image/x_unknown = 1 | groq ! | bedrock = | * -quality
/messages/*/content/*/toolResult/content/*/document/x_unknown = 1 | azure xai groq ! | bedrock = | * -quality
/messages/*/content/*/toolResult/content/*/video/x_unknown = 1 | google compatible -quality | bedrock = | * !
/messages/*/content/*/toolResult/content/*/searchResult/x_unknown = 1 | bedrock = | * !
/toolConfig/tools/*/x_unknown = 1 | * !
/toolConfig/tools/*/cachePoint/x_unknown = 1 | bedrock = | * -quality
/toolConfig/tools/*/systemTool/x_unknown = 1 | bedrock = | * -quality
/outputConfig/textFormat/x_unknown = 1 | bedrock = | * -quality
/guardrailConfig/x_unknown = 1 | bedrock = | * -contract
"""
