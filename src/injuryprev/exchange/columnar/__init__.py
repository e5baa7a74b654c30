"""A pooling area read in columns: for areas too large to be read row by row.

The cells are read by the very readers of :mod:`injuryprev.exchange.cells`, each different text once, and the same rows
cost an employer its rate.  Polars reads and checks in a stream; what is rated are Parquet files that any engine scans.
"""

from injuryprev.exchange.columnar.area import ColumnarArea, read_columnar
from injuryprev.exchange.columnar.engines import ENGINES, Engine, open_engine
from injuryprev.exchange.columnar.rating import Outcome, check_output, rate_columnar

__all__ = [
    "ENGINES",
    "ColumnarArea",
    "Engine",
    "Outcome",
    "check_output",
    "open_engine",
    "rate_columnar",
    "read_columnar",
]
