"""Fields of clients of Google generateContent, and what becomes of each: see `table`."""

from __future__ import annotations

from typing import Final

ROWS: Final = """
# The conversation
/contents | google = | * form
/contents/*/role | google = | * .
/contents/*/parts | google = | bedrock /messages/*/content | * form
/contents/*/parts/*/text | google = | responses /input/*/content | bedrock /messages/*/content/*/text
    | * /messages/*/content
/contents/*:model/role | google = | responses /input/*/role "assistant"
    | bedrock /messages/* {"role":"assistant","content":[{"text":"Ho"}]} | * /messages/*/role "assistant"
/contents/*:model/parts | google = | responses /input/*/role "assistant" | bedrock /messages/*/content
    | * /messages/*/role "assistant"
/systemInstruction | messages /system [{"type":"text","text":"Be kind"}] | google = | responses /input/*/role "system"
    | bedrock /system [{"text":"Be kind"}] | * /messages/*/role "system"
/systemInstruction/parts | google = | bedrock /system | * form
/systemInstruction/parts/** | google = | bedrock /system | * form
/systemInstruction/parts/*/text | messages bedrock /system/*/text | google = | responses /input/*/content
    | * /messages/*/content
/systemInstruction/role = "user" | google = | * .
/system_instruction | messages /system [{"type":"text","text":"Be kind"}] | google = | responses /input/*/role "system"
    | bedrock /system [{"text":"Be kind"}] | * /messages/*/role "system"
# Media
/contents/*/parts/*/inlineData | google = | groq ! | * form
/contents/*/parts/*/inlineData/mimeType | messages /messages/*/content/*/source/media_type | google =
    | responses /input/*/content/*/type "input_image"
    | azure /messages [{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]
    | xai bedrock form | groq ! | * /messages/*/content/*/type "image_url"
/contents/*/parts/*/inlineData/data | messages /messages/*/content/*/source/data | google = | groq !
    | bedrock /messages/*/content/*/image/source/bytes | * form
/contents/*/parts/*/inlineData/displayName = "a.png" | google = | groq ! | * -hint
/contents/*/parts/*/inline_data | google = | groq ! | * form
/contents/*/parts/*/inline_data/mime_type | messages /messages/*/content/*/source/media_type | google =
    | responses /input/*/content/*/type "input_image"
    | azure /messages [{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]
    | xai bedrock form | groq ! | * /messages/*/content/*/type "image_url"
/contents/*/parts/*/fileData | google = | groq ! | * form
/contents/*/parts/*/fileData/mimeType | google = | groq ! | * .
/contents/*/parts/*/fileData/fileUri | google = | responses /input/*/content/*/image_url | groq !
    | anthropic /messages/*/content/*/source/url | vertex_claude bedrock form | * /messages/*/content/*/image_url/url
/contents/*/parts/*/fileData/fileUri = "https://generativelanguage.googleapis.com/v1beta/files/abc" | google = | * !
/contents/*/parts/*/fileData/fileUri = "gs://bucket/a.png" | google = | compatible /messages/*/content/*/image_url/url
    | * !
/contents/*/parts/*/fileData/displayName = "a.png" | google = | groq ! | * -hint
/contents/*/parts/*/file_data | google = | groq ! | * form
/contents/*/parts/*/file_data/file_uri | google = | responses /input/*/content/*/image_url | groq !
    | anthropic /messages/*/content/*/source/url | vertex_claude bedrock form | * /messages/*/content/*/image_url/url
/contents/*/parts/*/mediaResolution = {"level":"MEDIA_RESOLUTION_LOW"} | messages bedrock -hint
    | google /generationConfig/mediaResolution "MEDIA_RESOLUTION_LOW" | responses /input/*/content/*/detail "low"
    | groq ! | * /messages/*/content/*/image_url/detail "low"
/contents/*/parts/*/mediaResolution = {"level":"MEDIA_RESOLUTION_LOW"} (reasoning) | messages bedrock -hint | google =
    | responses /input/*/content/*/detail "low" | groq ! | * /messages/*/content/*/image_url/detail "low"
/contents/*/parts/*/mediaResolution/level = "MEDIA_RESOLUTION_HIGH" (reasoning) | messages bedrock -hint | google =
    | responses /input/*/content/*/detail "high" | groq ! | * /messages/*/content/*/image_url/detail "high"
/contents/*/parts/*/mediaResolution/level = "MEDIA_RESOLUTION_MEDIUM" (reasoning) | google = | groq ! | * -hint
/contents/*/parts/*/mediaResolution/level = "MEDIA_RESOLUTION_ULTRA_HIGH" (reasoning) | messages bedrock -hint
    | google = | responses /input/*/content/*/detail "original"
    | xai ~hint /messages/*/content/*/image_url/detail "high" | groq !
    | * /messages/*/content/*/image_url/detail "original"
/contents/*/parts/*/mediaResolution/numTokens = 100 (reasoning) | google = | groq ! | * -quality
/contents/*/parts/*/media_resolution = {"level":"MEDIA_RESOLUTION_LOW"} (reasoning) | messages bedrock -hint | google =
    | responses /input/*/content/*/detail "low" | groq ! | * /messages/*/content/*/image_url/detail "low"
/contents/*/parts/*/mediaProcessing = "MEDIA_PROCESSING_STANDARD" | google = | groq ! | * -quality
/contents/*/parts/*/videoMetadata = {"fps":1} | google = | compatible -quality | * !
/contents/*/parts/*/videoMetadata/startOffset = "1s" | google = | compatible -quality | * !
/contents/*/parts/*/videoMetadata/endOffset = "2s" | google = | compatible -quality | * !
/contents/*/parts/*/videoMetadata/fps = 1 | google = | compatible -quality | * !
/contents/*/parts/*/videoMetadata/contentLayers = ["x"] | google = | compatible -quality | * !
/contents/*/parts/*/documentMetadata/** = {"startPage":1,"endPage":2} | google = | xai groq ! | * -quality
/contents/*/parts/*/spreadsheetMetadata/** = {"sheetIndex":1} | messages xai groq ! | google = | * -quality
/contents/*/parts/*/audioMetadata/** = {"startOffset":"1s"} | google = | openai azure compatible -quality | * !
/contents/*/parts/*/partMetadata = {"a":"b"} | google = | * -hint
/contents/*/parts/*/audioTranscription/** = {"text":"x"} | google = | * -quality
/contents/*/parts/*/speechMetadata/** = {"speaker":"x"} | google = | * -quality
# Thoughts
/contents/*/parts/*/thought | google = | * -quality
/contents/*/parts/*/thoughtSignature | google = | * -quality
/contents/*/parts/*/thoughtSignature (reasoning) | google = | * -quality
/contents/*/parts/*/thought_signature | google = | * -quality
# Calls and results
/contents/*/parts/*/functionCall | google = | * form
/contents/*/parts/*/functionCall/id | messages /messages/*/content/*/id | google = | responses /input/*/call_id
    | bedrock /messages/*/content/*/toolUse/toolUseId | * /messages/*/tool_call_id
/contents/*/parts/*/functionCall/name | messages /tools/*/name | google = | responses /input/*/name
    | bedrock /toolConfig/tools/*/toolSpec/name | * /tools/*/function/name
/contents/*/parts/*/functionCall/args | messages /messages/*/content/*/input | google =
    | responses /input/*/arguments "{\\"a\\":1}" | bedrock /messages/*/content/*/toolUse/input
    | * /messages/*/tool_calls/*/function/arguments "{\\"a\\":1}"
/contents/*/parts/*/functionCall/partialArgs/** = [{"jsonPath":"$.a","stringValue":"x"}] | google = | * -quality
/contents/*/parts/*/functionCall/willContinue = true | google = | * -quality
/contents/*/parts/*/functionResponse | google = | * form
/contents/*/parts/*/functionResponse/id | google = | * .
/contents/*/parts/*/functionResponse/name | messages /tools/*/name | google = | responses /input/*/name
    | bedrock /toolConfig/tools/*/toolSpec/name | * /tools/*/function/name
/contents/*/parts/*/functionResponse/response | messages /messages/*/content/*/content "done" | google =
    | responses /input/*/output "done" | bedrock /messages/*/content/*/toolResult/content/*/text "done"
    | * /messages/*/content "done"
/contents/*/parts/*/functionResponse/response = {"error":"broken"} | messages /messages/*/content/*/content "broken"
    | google = | bedrock /messages/*/content/*/toolResult/content/*/text "broken" | * -quality
/contents/*/parts/*/functionResponse/response = {"a":1} | messages /messages/*/content/*/content "{\\"a\\":1}" | google =
    | responses /input/*/output "{\\"a\\":1}" | bedrock /messages/*/content/*/toolResult/content/*/text "{\\"a\\":1}"
    | * /messages/*/content "{\\"a\\":1}"
/contents/*/parts/*/functionResponse/parts/**
    | messages /messages/*/content/*/content [{"type":"text","text":"done"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]
    | google =
    | responses /input/*/output [{"type":"input_text","text":"done"},{"type":"input_image","detail":"auto","image_url":"data:image/png;base64,iVBORw0KGgo="}]
    | groq !
    | bedrock /messages/*/content/*/toolResult/content/*/image {"format":"png","source":{"bytes":"iVBORw0KGgo="}}
    | * ~quality /messages/* {"role":"user","content":[{"type":"text","text":"Media of the tool result c1:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}
/contents/*/parts/*/functionResponse/parts/*/inlineData | messages responses bedrock form | google = | groq !
    | * ~quality form
/contents/*/parts/*/functionResponse/parts/*/inlineData/data | messages /messages/*/content/*/content/*/source/data
    | google = | responses form | groq ! | bedrock /messages/*/content/*/toolResult/content/*/image/source/bytes
    | * ~quality form
/contents/*/parts/*/functionResponse/parts/*/inlineData/mimeType
    | messages /messages/*/content/*/content/*/source/media_type | google =
    | responses /input/*/output/*/type "input_image" | azure xai ~quality form | groq ! | bedrock form
    | * /messages/*/content/*/type "image_url"
/contents/*/parts/*/functionResponse/parts/*/inlineData/displayName = "a.png" | google = | groq ! | * -hint
/contents/*/parts/*/functionResponse/parts/*/fileData | messages responses bedrock form | google = | groq !
    | * ~quality form
/contents/*/parts/*/functionResponse/parts/*/fileData/fileUri | google = | responses /input/*/output/*/image_url
    | groq ! | anthropic /messages/*/content/*/content/*/source/url | vertex_claude bedrock form
    | * ~quality /messages/*/content/*/image_url/url
/contents/*/parts/*/functionResponse/willContinue = true | google = | * -hint
/contents/*/parts/*/functionResponse/scheduling = "SILENT" | google = | * -hint
/contents/*/parts/*/executableCode/** | google = | * -quality
/contents/*/parts/*/codeExecutionResult/** | google = | * -quality
/contents/*/parts/*/toolCall/** | google = | * -quality
/contents/*/parts/*/toolResponse/** | google = | * -quality
# Tools
/tools = [{"functionDeclarations":[{"name":"f"}]}]
    | messages /tools [{"name":"f","input_schema":{"type":"object","properties":{}}}] | google =
    | responses /tools [{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]
    | bedrock /toolConfig/tools [{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]
    | * /tools [{"type":"function","function":{"name":"f"}}]
/tools/*/functionDeclarations | messages /tools [{"name":"f","input_schema":{"type":"object","properties":{}}}]
    | google =
    | responses /tools [{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}]
    | bedrock /toolConfig/tools [{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]
    | * /tools [{"type":"function","function":{"name":"f"}}]
/tools/*/functionDeclarations/*/name | messages responses /tools/*/name | google =
    | bedrock /toolConfig/tools/*/toolSpec/name | * /tools/*/function/name
/tools/*/functionDeclarations/*/description = "Does it." | messages responses /tools/*/description | google =
    | bedrock /toolConfig/tools/*/toolSpec/description | * /tools/*/function/description
/tools/*/functionDeclarations/*/parametersJsonSchema = {"type":"object","properties":{"a":{"type":"string"}}}
    | messages /tools/*/input_schema | google = | responses /tools/*/parameters
    | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json | * /tools/*/function/parameters
/tools/*/functionDeclarations/*/parameters_json_schema = {"type":"object","properties":{"a":{"type":"string"}}}
    | messages /tools/*/input_schema | google = | responses /tools/*/parameters
    | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json | * /tools/*/function/parameters
/tools/*/functionDeclarations/*/parameters/** = {"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}}
    | messages /tools/*/input_schema/properties/a/type ["string","null"] | google =
    | responses /tools/*/parameters/properties/a/type ["string","null"]
    | bedrock /toolConfig/tools/*/toolSpec/inputSchema/json/properties/a/type ["string","null"]
    | * /tools/*/function/parameters {"type":"object","properties":{"a":{"type":["string","null"]}}}
/tools/*/functionDeclarations/*/response/** = {"type":"STRING"} | google = | * -hint
/tools/*/functionDeclarations/*/responseJsonSchema = {"type":"string"} | google = | * -hint
/tools/*/functionDeclarations/*/behavior = "NON_BLOCKING" | google = | * -hint
/tools/*/googleSearch | messages /tools [{"type":"web_search_20250305","name":"web_search"}] | google =
    | openai responses /tools [{"type":"web_search"}] | * -contract
/tools/*/googleSearch/searchTypes/** = {"webSearch":{}} | messages openai responses -quality | google = | * -contract
/tools/*/googleSearch/blockingConfidence = "BLOCK_HIGH_AND_ABOVE" | messages openai responses -quality | google =
    | * -contract
/tools/*/googleSearch/excludeDomains = ["x.example"] | messages openai responses -quality | google = | * -contract
/tools/*/googleSearch/timeRangeFilter/** = {"startTime":"2026-01-01T00:00:00Z","endTime":"2026-02-01T00:00:00Z"}
    | messages openai responses -quality | google = | * -contract
/tools/*/google_search | messages /tools [{"type":"web_search_20250305","name":"web_search"}] | google =
    | openai responses /tools [{"type":"web_search"}] | * -contract
/tools/*/googleSearchRetrieval/** | messages openai responses -quality | google = | * -contract
/tools/*/enterpriseWebSearch/** | google = | * -contract
/tools/*/googleMaps/** | google = | * -contract
/tools/*/codeExecution | google = | * -contract
/tools/*/urlContext | google = | * -contract
/tools/*/computerUse/** | google = | * -contract
/tools/*/fileSearch/** | google = | * -contract
/tools/*/retrieval/** | google = | * -contract
/tools/*/parallelAiSearch/** | google = | * -contract
/tools/*/exaAiSearch/** | google = | * -contract
/tools/*/mcpServers/** | google = | * -contract
/toolConfig = {"functionCallingConfig":{"mode":"ANY"}} | messages /tool_choice/type "any" | google =
    | bedrock /toolConfig/toolChoice/any {} | * /tool_choice "required"
/tool_config = {"function_calling_config":{"mode":"ANY"}} | messages /tool_choice/type "any" | google =
    | bedrock /toolConfig/toolChoice/any {} | * /tool_choice "required"
/toolConfig/functionCallingConfig = {"mode":"ANY"} | messages /tool_choice/type "any" | google =
    | bedrock /toolConfig/toolChoice/any {} | * /tool_choice "required"
/toolConfig/functionCallingConfig/mode = "AUTO" | google = | * .
/toolConfig/functionCallingConfig/mode = "ANY" | messages /tool_choice/type "any" | google =
    | bedrock /toolConfig/toolChoice/any {} | * /tool_choice "required"
/toolConfig/functionCallingConfig/mode = "NONE" | messages /tool_choice/type "none" | google = | bedrock ~hint
    | * /tool_choice "none"
/toolConfig/functionCallingConfig/mode = "VALIDATED" | google = | * -hint
/toolConfig/functionCallingConfig/allowedFunctionNames = ["f"] | messages /tool_choice/type "tool" | google =
    | responses /tool_choice {"type":"function","name":"f"} | bedrock /toolConfig/toolChoice/tool/name "f"
    | * /tool_choice {"type":"function","function":{"name":"f"}}
/toolConfig/functionCallingConfig/streamFunctionCallArguments = true | google = | * -hint
/toolConfig/retrievalConfig/** = {"languageCode":"de"} | google = | * -hint
/toolConfig/includeServerSideToolInvocations = true | google = | * -hint
# Format of the answer
/generationConfig = {"maxOutputTokens":100} | messages compatible /max_tokens 100 | google =
    | responses /max_output_tokens 100 | bedrock /inferenceConfig/maxTokens 100 | * /max_completion_tokens 100
/generation_config = {"max_output_tokens":100} | messages compatible /max_tokens 100 | google =
    | responses /max_output_tokens 100 | bedrock /inferenceConfig/maxTokens 100 | * /max_completion_tokens 100
/generationConfig/responseMimeType = "text/plain" | google = | * .
/generationConfig/responseMimeType = "application/json"
    | messages ~hint /tools [{"name":"json_answer","description":"Give the final answer to the user by calling this tool.","input_schema":{"type":"object","additionalProperties":true}}]
    | google = | responses /input/*/role "system" & /generationConfig/responseMimeType +hint
    | xai compatible /response_format/type "json_object"
    | bedrock ~hint /toolConfig {"tools":[{"toolSpec":{"name":"json_answer","description":"Give the final answer to the user by calling this tool.","inputSchema":{"json":{"type":"object","additionalProperties":true}}}}],"toolChoice":{"tool":{"name":"json_answer"}}}
    | * /messages/*/role "system" & /generationConfig/responseMimeType +hint
/generationConfig/responseMimeType = "text/x.enum" | google = | * -quality
/generationConfig/responseJsonSchema = {"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}
    | messages /output_config/format/schema | google = | responses /text/format/schema
    | groq ~hint /tools/*/function/parameters
    | bedrock /outputConfig/textFormat {"type":"json_schema","structure":{"jsonSchema":{"schema":"{\\"type\\":\\"object\\",\\"properties\\":{\\"a\\":{\\"type\\":\\"string\\"}},\\"required\\":[\\"a\\"],\\"additionalProperties\\":false}","name":"output"}}}
    | * /response_format/json_schema/schema
/generationConfig/responseSchema/** = {"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["a"]}
    | messages /output_config/format/schema {"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false} | google =
    | responses /text/format/schema {"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}
    | groq ~hint /tools/*/function/parameters {"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}
    | bedrock /outputConfig/textFormat/structure/jsonSchema/name "output"
    | * /response_format/json_schema/schema {"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}
/generationConfig/responseFormat/** = [{"text":{"mimeType":"application/json"}}] | google = | * -contract
/generationConfig/responseModalities = ["TEXT"] | google = | openai azure compatible /modalities ["text"] | * .
/generationConfig/responseModalities = ["TEXT","IMAGE"] | google = | compatible /modalities ["text","image"]
    | * -contract
/generationConfig/responseModalities = ["AUDIO"] | google = | compatible /modalities ["audio"] | * -contract
/generationConfig/speechConfig/** = {"languageCode":"de"} | google = | * -contract
/generationConfig/imageConfig/** = {"aspectRatio":"1:1"} | google = | * -contract
/generationConfig/audioTranscriptionConfig/** = {"languageAuto":true} | google = | * -quality
/generationConfig/translationConfig/** = {"targetLanguageCode":"de"} | google = | * -quality
/generationConfig/candidateCount = 1 | google = | openai azure xai compatible /n | * .
/generationConfig/candidateCount = 2 | google = | openai azure xai compatible /n | * -contract
/generationConfig/responseLogprobs = true | google = | openai azure compatible /logprobs | * -contract
/generationConfig/logprobs = 2 | google = | openai azure compatible /top_logprobs | * -contract
# Sampling and limits
/generationConfig/maxOutputTokens = 100 | messages compatible /max_tokens | google = | responses /max_output_tokens
    | bedrock /inferenceConfig/maxTokens | * /max_completion_tokens
/generationConfig/temperature = 0.5 | google = | responses -quality | bedrock /inferenceConfig/temperature
    | * /temperature
/generationConfig/temperature = 0.5 (reasoning) | messages responses bedrock -quality | google = | * /temperature
/generationConfig/temperature = 1.5 | messages ~quality /temperature 1.0 | google = | responses -quality
    | bedrock ~quality /inferenceConfig/temperature 1.0 | * /temperature
/generationConfig/topP = 0.5 | google = | responses -quality | bedrock /inferenceConfig/topP | * /top_p
/generationConfig/top_p = 0.5 | google = | responses -quality | bedrock /inferenceConfig/topP | * /top_p
/generationConfig/topK = 5 | messages /top_k | google = | bedrock /additionalModelRequestFields/top_k | * -quality
/generationConfig/stopSequences = ["END"] | messages /stop_sequences | google = | responses xai -contract
    | bedrock /inferenceConfig/stopSequences | * /stop
/generationConfig/presencePenalty = 0.5 | google = | openai azure compatible /presence_penalty | xai -contract
    | * -quality
/generationConfig/frequencyPenalty = 0.5 | google = | openai azure compatible /frequency_penalty | xai -contract
    | * -quality
/generationConfig/seed = 7 | messages responses bedrock -hint | google = | * /seed
/generationConfig/mediaResolution = "MEDIA_RESOLUTION_LOW" | google = | * -quality
/generationConfig/mediaResolution = "MEDIA_RESOLUTION_MEDIUM" | google = | * -quality
/generationConfig/audioTimestamp = true | google = | * -quality
/generationConfig/enableAffectiveDialog = true | google = | * -quality
/generationConfig/enableEnhancedCivicAnswers = true | google = | * -quality
/generationConfig/routingConfig/** = {"autoMode":{"modelRoutingPreference":"BALANCED"}} | google = | * -quality
/generationConfig/modelSelectionConfig/** = {"featureSelectionPreference":"BALANCED"} | google = | * -quality
# Reasoning
/generationConfig/thinkingConfig = {"thinkingBudget":2048} | messages /thinking {"type":"enabled","budget_tokens":2048}
    | google = | responses ~quality /reasoning/effort "low" | xai compatible ~quality /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":2048} | * -quality
/generationConfig/thinkingConfig/thinkingBudget = 2048 | messages /thinking/budget_tokens | google =
    | responses ~quality /reasoning/effort "low" | xai compatible ~quality /reasoning_effort "low"
    | bedrock /additionalModelRequestFields/thinking/budget_tokens | * -quality
/generationConfig/thinkingConfig/thinkingBudget = 0 | google = | responses ~quality /reasoning/effort "low"
    | xai /reasoning_effort "none" | compatible ~quality /reasoning_effort "none" | * .
/generationConfig/thinkingConfig/thinkingBudget = -1
    | messages ~quality /thinking {"type":"enabled","budget_tokens":8100} | google = | responses xai .
    | bedrock ~quality /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":8100} | * -quality
/generationConfig/thinkingConfig/thinkingLevel = "LOW" (reasoning)
    | messages /output_config/effort "low" | google = | responses /reasoning/effort "low"
    | bedrock /outputConfig/effort "low"
    | * /reasoning_effort "low"
/generationConfig/thinkingConfig/thinkingLevel = "MINIMAL" (reasoning)
    | messages ~quality /thinking {"type":"adaptive","display":"summarized"} | google =
    | responses ~quality /reasoning/effort "low" | compatible /reasoning_effort "minimal"
    | bedrock ~quality /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"}
    | * ~quality /reasoning_effort "low"
/generationConfig/thinkingConfig/thinkingLevel = "MEDIUM" (reasoning)
    | messages /output_config/effort "medium" | google = | responses /reasoning/effort "medium"
    | bedrock /outputConfig/effort "medium"
    | * /reasoning_effort "medium"
/generationConfig/thinkingConfig/thinkingLevel = "HIGH" (reasoning)
    | messages /output_config/effort "high" | google = | responses /reasoning/effort "high"
    | bedrock /outputConfig/effort "high"
    | * /reasoning_effort "high"
/generationConfig/thinkingConfig/includeThoughts = true
    | messages ~quality /thinking {"type":"enabled","budget_tokens":8100,"display":"summarized"} | google =
    | responses /reasoning/summary "auto" | xai .
    | bedrock ~quality /additionalModelRequestFields/thinking {"type":"enabled","budget_tokens":8100,"display":"summarized"}
    | * -quality
/generationConfig/thinkingConfig/includeThoughts = true (reasoning)
    | messages /thinking {"type":"adaptive","display":"summarized"} | google = | responses /reasoning/summary "auto"
    | xai groq . | compatible -quality
    | bedrock /additionalModelRequestFields/thinking {"type":"adaptive","display":"summarized"} | * -hint
/generationConfig/thinkingConfig/includeThoughts = false (reasoning) | google = | * .
# About the request
/safetySettings = [{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}] | google = | * -quality
/safetySettings/** = [{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}] | google = | * -quality
/safety_settings = [{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}] | google = | * -quality
/cachedContent = "cachedContents/abc" | google = | * -contract
/labels = {"a":"b"} | messages xai groq -hint | google = | bedrock /requestMetadata | * /metadata
/serviceTier = "flex" | messages xai -cost | google = | bedrock /serviceTier/type | * /service_tier
/serviceTier = "standard" | messages /service_tier "standard_only" | google = | groq /service_tier "on_demand"
    | bedrock /serviceTier/type "default" | * /service_tier "default"
/serviceTier = "priority" | messages -cost | google = | groq /service_tier "performance" | bedrock /serviceTier/type
    | * /service_tier
/store = true | openai responses azure compatible gemini = | * -hint
/continuationToken = "dG9rZW4=" | google = | * -contract
/modelArmorConfig/** = {"promptTemplateName":"x"} | google = | * -contract
# What nobody knows
/x_unknown = 1 | google = | * -contract
/contents/*/x_unknown = 1 | google = | * -quality
/contents/*/parts/*/inlineData/x_unknown = 1 | google = | groq ! | * -quality
/contents/*/parts/*/functionCall/x_unknown = 1 | google = | * -quality
/contents/*/parts/*/functionResponse/x_unknown = 1 | google = | * -quality
/generationConfig/x_unknown = 1 | google = | * -quality
/generationConfig/thinkingConfig/x_unknown = 1 | google = | * -quality
/toolConfig/x_unknown = 1 | google = | * -hint
/toolConfig/functionCallingConfig/x_unknown = 1 | google = | * -hint
/tools/*/functionDeclarations/*/x_unknown = 1 | google = | * -hint
/systemInstruction/x_unknown = 1 | google = | * -quality
/contents/*:model/x_unknown = 1 | google = | * -quality
/contents/*/parts/*/fileData/x_unknown = 1 | google = | groq ! | * -quality
/contents/*/parts/*/file_data/x_unknown = 1 | google = | groq ! | * -quality
/contents/*/parts/*/inline_data/x_unknown = 1 | google = | groq ! | * -quality
/contents/*/parts/*/functionResponse/parts/*/fileData/x_unknown = 1 | google = | groq ! | * -quality
/contents/*/parts/*/executableCode/x_unknown = 1 | google = | * -quality
/contents/*/parts/*/codeExecutionResult/x_unknown = 1 | google = | * -quality
/contents/*/parts/*/toolCall/x_unknown = 1 | google = | * -quality
/contents/*/parts/*/toolResponse/x_unknown = 1 | google = | * -quality
/system_instruction/x_unknown = 1 | google = | * -quality
/tools/*/googleSearch/x_unknown = 1 | messages openai responses -quality | google = | * -contract
/tools/*/google_search/x_unknown = 1 | messages openai responses -quality | google = | * -contract
/tools/*/googleSearchRetrieval/x_unknown = 1 | messages openai responses -quality | google = | * -contract
/tools/*/enterpriseWebSearch/x_unknown = 1 | google = | * -contract
/tools/*/googleMaps/x_unknown = 1 | google = | * -contract
/tools/*/codeExecution/x_unknown = 1 | google = | * -contract
/tools/*/urlContext/x_unknown = 1 | google = | * -contract
/tools/*/computerUse/x_unknown = 1 | google = | * -contract
/tools/*/fileSearch/x_unknown = 1 | google = | * -contract
/tools/*/retrieval/x_unknown = 1 | google = | * -contract
/tools/*/parallelAiSearch/x_unknown = 1 | google = | * -contract
/tools/*/exaAiSearch/x_unknown = 1 | google = | * -contract
"""
