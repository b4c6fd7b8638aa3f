"""The tables that rules stand on: persons, aid due and paid, printed totals beside the detail."""
