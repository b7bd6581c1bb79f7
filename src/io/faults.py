"""What an exception tells that may be told: nothing of the values involved."""


def first_of(error: BaseException) -> BaseException:
    """What failed, of a group the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def place_of(error: BaseException) -> str:
    """What failed and where, without the values involved."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place is not None else "unknown place"
    return f"{type(error).__name__} in {where}"
