"""What a model accepts, as a record: every restriction is a column that ``fit`` reads."""

from typing import Literal

from ..records.quick import maker, record

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


@record
class ReasoningRow:
    """How a model is told to reason (spec/chat.md 7).

    Attributes:
        kind: ``budget`` (a token budget), ``effort`` (adaptive, with an effort level), ``level`` (an effort level and
            nothing else), ``native`` (an effort field of the OpenAI family), ``fixed`` (reasons, cannot be told),
            ``none`` (does not reason), ``any`` (unknown model: everything passes),
            ``unknown`` (every family has its own words, and the id tells none).
        efforts: levels that the model takes, weakest first; ``none`` among them means that the level exists.
        modes: thinking switches that the model takes.
        off: what ``none`` becomes: a mode, ``omit`` (leaving reasoning out turns it off), ``none`` (the level), or
            ``lowest`` (cannot be off).
        on: whether the model reasons when nothing is said.
        minimum, maximum: budget range in tokens.
        display: whether visible reasoning must be asked for with ``display: summarized``.
        tools: whether reasoning and function tools go together on the chat surface of its maker.
        shown: whether the text of the reasoning comes with the answer, on a model with an effort field.
        words: the model's own words for ``efforts``, in the same order; empty means that they are the same.
        ask: the field that makes reasoning stand apart from the answer; None means that nothing need be said.
        switch: how reasoning is said where that is the model's affair and not the dialect's: lines ``place=value`` for
            ``spelling.spell``, in which ``{mode}``, ``{budget}``, ``{effort}`` and ``{display}`` stand for the wishes.
        bare: efforts beside which neither a limit of the answer nor sampling can be said.
        loops: whether thinking excludes a running tool loop that came without its thinking, and a prefill.
    """

    kind: Literal["budget", "effort", "level", "native", "fixed", "none", "any", "unknown"] = "any"
    efforts: tuple[str, ...] = ()
    modes: frozenset[str] = frozenset()
    off: str = "omit"
    on: bool = False
    minimum: int = 1024
    maximum: int = 128_000
    display: bool = False
    tools: bool = True
    shown: bool = False
    words: tuple[str, ...] = ()
    ask: Literal["reasoning_format", "include_reasoning"] | None = None
    switch: tuple[str, ...] = ()
    bare: frozenset[str] = frozenset()
    loops: bool = True


@record
class ModelRow:
    """One family of models.

    Attributes:
        prefix: model ids that begin so belong here; the longest prefix wins.
        reasoning: see ReasoningRow.
        sampling: ``free``; ``refused`` (only the default value passes); ``without_reasoning`` (only while the model
            does not reason).
        sampling_names: which options the column ``sampling`` is about.
        never: options the model refuses whatever else is said.
        refused: options that the model refuses even at a neutral value; to ask for more is a contract.
        temperature: the range taken.
        exclusive: whether temperature and top_p exclude each other.
        top_p_floor: with reasoning on, ``top_p`` is taken from here to 1; None means not at all.
        max_output: ceiling of the answer in tokens; None is unknown.
        limit_field: the spelling of the limit, where the dialect has two.
        stop: how many stop sequences are taken; None is unlimited.
        blank_stop: whether a stop sequence may be only white space.
        schema_output: whether an answer can be bound to a JSON schema natively.
        json_output: whether an answer can be bound to "any JSON object" natively.
        schema_alone: whether a bound answer goes neither with a stream nor with tools.
        schema_prefill: whether a bound answer can continue an assistant message.
        schema_subset: the name of the schema subset (``schema.SUBSETS``).
        schema_beside_tools: whether a bound answer and tools go together.
        tool_schemas: whether the schemas of all tools keep to the subset, not of strict ones only.
        strict_tools: whether tools may be strict; None is unknown: what is asked for passes, but it is not tried.
        strict_limits: how many tools of a request may be strict, and how many unions their schemas may have in all;
            None is unlimited.
        forced_tools: ``yes``, ``no``, or ``manual`` (not while a thinking budget is set).
        prefill: what a trailing assistant turn becomes: its text is ``continued``, it is ``refused``, or it is
            ``ignored`` as a beginning and answered.
        inner_system: whether system text may stand between turns: ``anywhere``; ``after_user`` (after a user turn, and
            last or before an assistant turn); ``no``.
        images, documents, audio, video: media types taken; empty means none of this kind, None means unknown (passes).
        max_images: how many images a request may hold; None is unlimited.
        result_media: media types that a tool result may hold, where the provider's may hold any; None is unknown.
        media_detail: whether the wished resolution is said of each ``part`` or once for the ``request``.
        outputs: modalities of its answers; None is unknown.
        search_beside_tools: whether web search and functions go together.
        signed_calls: whether calls of the running turn must carry their signature.
        seed: the range of seeds; None is unlimited.
        cache_ttls: lifetimes of cache marks, shortest first; empty means that marks have no place.
        context: context window in tokens; None is unknown.
        chat: whether the chat surface of its maker serves it at all; if not, another surface does.
        own_options: options that the model takes though its dialect has no place for them: lines ``place=value`` for
            ``spelling.spell``, in which ``{top_k}`` stands for the option of this name.
        single_calls: how the model is told to make one call at a time, in the same way, with ``{choice}`` and
            ``{name}``; empty where the dialect has a place for it, None where the model cannot be told.
        named_tools: whether one tool can be forced by its name; otherwise it is sent alone.
        tool_marks: whether tools carry cache marks, where the provider has them.
        result_errors: whether a tool result can be marked as failed, where the provider can.
        pdf_text: whether of a PDF that may not be cited only its text is read.
        document_words: whether documents have context and can be cited, where the provider can.
        web_search: whether the model can search the web, where the provider has a tool for it.
        reads_reasoning: whether reasoning of the history can be sent back, where the provider can.
    """

    prefix: str
    reasoning: ReasoningRow = ReasoningRow()
    sampling: Literal["free", "refused", "without_reasoning"] = "free"
    sampling_names: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    temperature: tuple[float, float] = (0.0, 2.0)
    exclusive: bool = False
    top_p_floor: float | None = None
    max_output: int | None = None
    limit_field: str | None = None
    stop: int | None = None
    blank_stop: bool = True
    schema_output: bool = True
    json_output: bool = True
    schema_alone: bool = False
    schema_prefill: bool = True
    schema_subset: str | None = None
    schema_beside_tools: bool = True
    tool_schemas: bool = False
    strict_tools: bool | None = None
    strict_limits: tuple[int, int] | None = None
    forced_tools: Literal["yes", "no", "manual"] = "yes"
    prefill: Literal["continued", "refused", "ignored"] = "ignored"
    inner_system: Literal["anywhere", "after_user", "no"] = "anywhere"
    images: frozenset[str] | None = None
    documents: frozenset[str] | None = None
    audio: frozenset[str] | None = None
    video: frozenset[str] | None = None
    max_images: int | None = None
    result_media: frozenset[str] | None = None
    media_detail: Literal["part", "request"] = "part"
    outputs: frozenset[str] | None = None
    search_beside_tools: bool = True
    signed_calls: bool = False
    seed: tuple[int, int] | None = None
    cache_ttls: tuple[str, ...] = ()
    context: int | None = None
    chat: bool = True
    own_options: tuple[str, ...] = ()
    single_calls: tuple[str, ...] | None = ()
    named_tools: bool = True
    tool_marks: bool = True
    result_errors: bool = True
    pdf_text: bool = False
    document_words: bool = True
    web_search: bool = True
    reads_reasoning: bool = True


# Rows are made from one another by the hundred.
maker(ModelRow)
