"""The mutants of a module: every small change that its tests should notice, by its syntax tree.

Left out are words that no program reads (docstrings, annotations, ``repr``, ``__all__``), assertions, which speak to
the type checker, and changes that every call would stumble over (an assignment gone whose name is then unbound). Prose
of losses and errors has one mutant: nothing said.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

PROSE = re.compile(r"\w\W{0,3} \w.* \W?\w", re.DOTALL)
"""Three words or more: a sentence for a person, and no value of a wire format."""
SILENT = {"__repr__", "_show", "__all__", "__slots__"}
TYPING = {"TypeVar", "ParamSpec", "dataclass_transform"}
NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


class Spot(NamedTuple):
    """Where a node hangs in its tree."""

    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: Any) -> None:
        """Hang a node here; None takes the one away that is here."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        elif node is None:
            del getattr(self.parent, self.field)[self.index]
        else:
            getattr(self.parent, self.field)[self.index] = node


class Change(NamedTuple):
    """One mutation: what comes to which spot, and where that is.

    Attributes:
        name: of the operator.
        moves: (spot, node) to put, in order.
        place: the statement or header whose lines a test must run to notice, first line and last.
        span: the lines of the outermost function around, or of the place.
        scope: names of the class and function around, from outside in; () at module level.
        live: whether it is inside a function's body.
        words: strings beside the change, the nearest first: tests that say them are likely to notice.
    """

    name: str
    moves: tuple[tuple[Spot, Any], ...]
    place: tuple[int, int]
    span: tuple[int, int]
    scope: tuple[str, ...]
    live: bool
    words: tuple[str, ...]


class Around(NamedTuple):
    """What encloses a node."""

    scope: tuple[str, ...] = ()
    live: bool = False
    place: tuple[int, int] = (1, 1)
    span: tuple[int, int] | None = None
    words: tuple[str, ...] = ()
    bound: frozenset[str] = frozenset()


class Finder:
    """Walks one module's tree; ``table`` says that its module level is data, of which entries are taken away only."""

    def __init__(self, *, table: bool) -> None:
        self.table = table

    def changes(self, tree: ast.Module) -> Iterator[Change]:
        yield from self._children(tree, Around())

    def _children(self, node: ast.AST, around: Around, skip: tuple[str, ...] = ()) -> Iterator[Change]:
        for field, value in ast.iter_fields(node):
            if field in skip or field in ("annotation", "returns", "decorator_list", "type_params", "ctx", "bases"):
                continue
            for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
                if isinstance(item, ast.AST):
                    yield from self._walk(item, Spot(node, field, index), around)

    def _walk(self, node: ast.AST, spot: Spot, around: Around) -> Iterator[Change]:
        if _silent(node, spot, around):
            return
        if isinstance(node, ast.stmt):
            around = around._replace(place=_place(node), words=())
        if isinstance(node, ast.FunctionDef):
            yield from self._function(node, around)
            return
        if isinstance(node, ast.ClassDef):
            yield from self._children(node, around._replace(scope=(*around.scope, node.name)))
            return
        if isinstance(node, ast.Constant | ast.JoinedStr) and _prose(node):
            yield self._change("prose", around, (spot, ast.Constant("")))
            return
        words = _words(node)
        inside = around._replace(words=(*words, *around.words)) if words else around
        for name, *moves in _variants(node, spot, around):
            if around.live or not self.table or name.startswith("drop"):
                yield self._change(name, inside, *moves)
        yield from self._children(node, inside)

    def _function(self, node: ast.FunctionDef, around: Around) -> Iterator[Change]:
        yield from self._defaults(node, around)
        scope = around.scope if around.live else (*around.scope, node.name)
        span = around.span or (node.body[0].lineno, node.end_lineno or node.lineno)
        inside = around._replace(scope=scope, live=True, span=span, bound=_bound_twice(node))
        yield from self._children(node, inside, skip=("args",))

    def _defaults(self, node: ast.FunctionDef, around: Around) -> Iterator[Change]:
        owner = around if around.live else around._replace(scope=(*around.scope, node.name))
        yield from self._children(node.args, owner, skip=("posonlyargs", "args", "kwonlyargs", "vararg", "kwarg"))
        values = node.args.defaults
        for index in range(len(values) - 1):
            one, other = values[index : index + 2]
            if ast.dump(one) != ast.dump(other):
                spots = [Spot(node.args, "defaults", at) for at in (index, index + 1)]
                yield self._change("exchange defaults", owner, (spots[0], other), (spots[1], one))

    @staticmethod
    def _change(name: str, around: Around, *moves: tuple[Spot, Any]) -> Change:
        span = around.span or around.place
        return Change(name, moves, around.place, span, around.scope, around.live, around.words)


def _place(node: ast.stmt) -> tuple[int, int]:
    """The lines of a statement, or of the header of a compound one."""
    last = node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    return (node.lineno, max(node.lineno, body[0].lineno - 1) if body else last)


def _silent(node: ast.AST, spot: Spot, around: Around) -> bool:
    """Whether nothing of a node is mutated."""
    if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.FunctionDef) and node.name in SILENT:
        return True
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name, value = node.targets[0].id, node.value
        types = isinstance(value, ast.Subscript | ast.BinOp | ast.Name) and not name.isupper()
        made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in TYPING
        return name in SILENT or made or (types and not around.live and name.lstrip("_")[0].isupper())
    return spot.field == "cause" or (isinstance(node, ast.keyword) and node.arg == "repr")


def _prose(node: ast.Constant | ast.JoinedStr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and PROSE.search(node.value) is not None
    text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
    return PROSE.search(text) is not None


def _words(node: ast.AST) -> tuple[str, ...]:
    """Strings that a test says which is about this node."""
    if isinstance(node, ast.Call):
        inner: list[ast.AST] = [*node.args, *[keyword.value for keyword in node.keywords]]
    elif isinstance(node, ast.keyword | ast.Assign | ast.Compare | ast.Tuple | ast.Set):
        inner = [*ast.iter_child_nodes(node)][:4]
    elif isinstance(node, ast.Dict):
        inner = [key for key in node.keys if key is not None] if len(node.keys) < 4 else []
    else:
        return ()
    return tuple(item.value for item in inner if isinstance(item, ast.Constant) and isinstance(item.value, str))


def _bound_twice(function: ast.FunctionDef) -> frozenset[str]:
    """Names that have a value before one of their assignments: without it a call goes on, with the other value."""
    seen: dict[str, int] = {argument.arg: 1 for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            seen[node.id] = seen.get(node.id, 0) + 1
    return frozenset(name for name, times in seen.items() if times > 1)


Variant = tuple[Any, ...]
"""The operator's name and its moves."""


def _variants(node: ast.AST, spot: Spot, around: Around) -> Iterator[Variant]:
    kind = type(node).__name__
    special = _BY_KIND.get(kind)
    if special is not None:
        yield from special(node, spot, around)
    if isinstance(node, ast.stmt) and around.live and _droppable(node, around):
        yield "drop statement", (spot, ast.Pass())


def _droppable(node: ast.stmt, around: Around) -> bool:
    if isinstance(node, ast.Expr | ast.Raise | ast.Continue | ast.Break | ast.Delete):
        return not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom))
    if isinstance(node, ast.Return):
        return node.value is None
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return False
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        plain = all(isinstance(target, ast.Name | ast.Tuple) for target in targets)
        return not plain or all(name in around.bound for name in names)
    return False


def _constant(node: ast.Constant, spot: Spot, around: Around) -> Iterator[Variant]:
    value = node.value
    others: tuple[Any, ...] = ()
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1)
    elif isinstance(value, float):
        others = (value + 1,)
    elif isinstance(value, str):
        others = (f"XX{value}XX",)
    elif isinstance(value, bytes):
        others = (b"XX" + value + b"XX",)
    elif value is None and not isinstance(spot.parent, ast.Compare | ast.Return):
        others = ("XX",)
    for other in others:
        yield "constant", (spot, ast.Constant(other))


def _compare(node: ast.Compare, spot: Spot, around: Around) -> Iterator[Variant]:
    for index, operator in enumerate(node.ops):
        yield "compare", (Spot(node, "ops", index), NEGATED[type(operator)]())


def _boolean(node: ast.BoolOp, spot: Spot, around: Around) -> Iterator[Variant]:
    yield "and/or", (Spot(node, "op", None), ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for index in range(len(node.values)):
        rest = node.values[:index] + node.values[index + 1 :]
        yield "drop condition", (spot, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))


def _binary(node: ast.BinOp, spot: Spot, around: Around) -> Iterator[Variant]:
    yield "drop operand", (spot, node.left)
    yield "drop operand", (spot, node.right)
    numeric = any(isinstance(side, ast.Constant) and isinstance(side.value, int) for side in (node.left, node.right))
    if numeric and isinstance(node.op, ast.Add | ast.Sub):
        yield "arithmetic", (Spot(node, "op", None), ast.Sub() if isinstance(node.op, ast.Add) else ast.Add())


def _unary(node: ast.UnaryOp, spot: Spot, around: Around) -> Iterator[Variant]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield "drop not" if isinstance(node.op, ast.Not) else "drop minus", (spot, node.operand)


def _if(node: Any, spot: Spot, around: Around) -> Iterator[Variant]:
    test = Spot(node, "test", None)
    yield "if true", (test, ast.Constant(value=True))
    yield "if false", (test, ast.Constant(value=False))
    if node.orelse:
        yield "swap branches", (test, ast.UnaryOp(ast.Not(), node.test))


def _while(node: ast.While, spot: Spot, around: Around) -> Iterator[Variant]:
    yield "while false", (Spot(node, "test", None), ast.Constant(value=False))


def _comprehension(node: ast.comprehension, spot: Spot, around: Around) -> Iterator[Variant]:
    for index in range(len(node.ifs)):
        yield "drop filter", (Spot(node, "ifs", index), None)


def _return(node: ast.Return, spot: Spot, around: Around) -> Iterator[Variant]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "return none", (Spot(node, "value", None), ast.Constant(None))


def _call(node: ast.Call, spot: Spot, around: Around) -> Iterator[Variant]:
    for index in range(len(node.keywords)):
        yield "drop keyword", (Spot(node, "keywords", index), None)
    for index, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            yield "drop argument", (Spot(node, "args", index), None)


def _dict(node: ast.Dict, spot: Spot, around: Around) -> Iterator[Variant]:
    for index in range(len(node.keys)):
        yield "drop entry", (Spot(node, "values", index), None), (Spot(node, "keys", index), _GONE)


def _display(node: Any, spot: Spot, around: Around) -> Iterator[Variant]:
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return
    unpacked = isinstance(node, ast.Tuple) and isinstance(spot.parent, ast.Return | ast.Assign | ast.Subscript)
    if unpacked and around.live and not any(isinstance(item, ast.Starred) for item in node.elts):
        return
    if isinstance(node, ast.Set) and len(node.elts) == 1:
        return
    for index in range(len(node.elts)):
        yield "drop element", (Spot(node, "elts", index), None)


_GONE = None
_BY_KIND: dict[str, Any] = {
    "Constant": _constant, "Compare": _compare, "BoolOp": _boolean, "BinOp": _binary, "UnaryOp": _unary, "If": _if,
    "IfExp": _if, "While": _while, "comprehension": _comprehension, "Return": _return, "Call": _call, "Dict": _dict,
    "Tuple": _display, "List": _display, "Set": _display,
}  # fmt: skip


def mutate(source: str, number: int, *, table: bool) -> tuple[ast.Module, Change, str, str]:
    """The tree of a module with one change, and the lines before and after that differ."""
    tree = ast.parse(source)
    change = next(item for at, item in enumerate(Finder(table=table).changes(tree)) if at == number)
    before = ast.unparse(tree).splitlines()
    for spot, node in change.moves:
        spot.put(node)
    ast.fix_missing_locations(tree)
    after = ast.unparse(tree).splitlines()
    return tree, change, *_difference(before, after)


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """The first line that differs, as it was and as it is."""
    for one, other in zip(before, after, strict=False):
        if one != other:
            return one.strip(), other.strip()
    return "", ""
