"""Tables in and out: the only place where files are read and written."""

from injuryprev.exchange.area import Area, FactSpec, read_area
from injuryprev.exchange.decisions import DecisionRow, write_decisions
from injuryprev.exchange.figures import read_figures
from injuryprev.exchange.findings import Finding, write_findings
from injuryprev.exchange.headers import TABLES, Column, Table
from injuryprev.exchange.ledger_store import SqliteStore
from injuryprev.exchange.own_data import read_alerts, read_targets
from injuryprev.exchange.proposals import Proposals, read_fund_year, read_proposals
from injuryprev.exchange.series import read_series_table
from injuryprev.exchange.write import write_area

__all__ = [
    "TABLES",
    "Area",
    "Column",
    "DecisionRow",
    "FactSpec",
    "Finding",
    "Proposals",
    "SqliteStore",
    "Table",
    "read_alerts",
    "read_area",
    "read_figures",
    "read_fund_year",
    "read_proposals",
    "read_series_table",
    "read_targets",
    "write_area",
    "write_decisions",
    "write_findings",
]
