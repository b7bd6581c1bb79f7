"""References of schemas: followed once, replaced within bounds, and judged right wherever they stand."""

import pytest
from dragoman.translate.conform import fault
from dragoman.translate.schema import MOST_INLINED, SUBSETS, adapt


def doubling(depth, leaf):
    """Definitions that each refer twice to the next one."""
    defs = {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(depth)}
    return {"$ref": "#/$defs/d0", "$defs": {**defs, f"d{depth}": leaf}}


@pytest.mark.parametrize("depth", [1, 3, 40])
def test_a_value_is_judged_though_a_reference_stands_in_several_branches(depth):
    schema = doubling(depth, {"type": "string"})
    assert fault(schema, "x") is None
    assert fault(schema, 1) == ((), "anyOf")


def test_a_reference_to_itself_is_judged_at_every_place():
    tree = {
        "type": "object",
        "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
        "required": ["next"],
    }
    assert fault(tree, {"next": {"next": None}}) is None
    assert fault(tree, {"next": {"next": 1}}) is not None
    assert fault(tree, {"next": {}}) is not None


def size(schema):
    if isinstance(schema, dict):
        return 1 + sum(map(size, schema.values()))
    return sum(map(size, schema)) if isinstance(schema, list) else 0


def test_references_are_replaced_within_bounds_and_the_cut_is_told():
    lost = []
    whole = adapt(doubling(10, {"type": "string"}), SUBSETS["openapi"], lambda *loss: lost.append(loss))
    assert lost == []
    assert size(whole) > 2**10
    cut = adapt(doubling(40, {"type": "string"}), SUBSETS["openapi"], lambda *loss: lost.append(loss))
    assert size(cut) < 3 * MOST_INLINED
    assert {what for _, what in lost} == {"a reference is cut, since the schema would grow too large"}
    assert len(lost) == len(set(lost)) < 100


def test_what_a_definition_cannot_say_is_told_once_though_it_is_used_twice():
    lost = []
    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/d"}, "b": {"$ref": "#/$defs/d"}},
        "$defs": {"d": {"type": "string", "not": {"const": "x"}}},
    }
    adapt(schema, SUBSETS["openapi"], lambda at, _: lost.append(at))
    assert lost == [("$defs", "d", "not")]
