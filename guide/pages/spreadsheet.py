"""Cells of tables that a spreadsheet opens. Pure."""

_FORMULA = "=+-@|%＝＋－＠"  # what a spreadsheet takes for the beginning of a formula


def harmless(cell: str) -> str:
    """`cell` with a quote before it where a spreadsheet would take it for a formula, blanks in front of it or not."""
    return f"'{cell}" if cell.strip() and cell.lstrip()[0] in _FORMULA else cell
