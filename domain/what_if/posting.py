"""The day on which a vendor shows a payment, by account, method and the day it is made."""

from datetime import timedelta

import numpy as np

from domain.policies import USUAL_POSTING
from domain.what_if.actions import LONGEST
from domain.what_if.start import NEVER, Start, Whole
from domain.working_days import is_working_day

DEFAULT_METHOD = "ach"


class Posting:
    """Working days are looked up once for each calendar that is asked for."""

    def __init__(self, start: Start) -> None:
        self._start = start
        accounts = start.accounts
        self._kinds, self._kind = np.unique(
            np.stack([accounts.policy, accounts.country.index]), axis=1, return_inverse=True
        )
        self._working: dict[str, Whole] = {}
        self._shown: dict[tuple[str, int], Whole] = {}

    def day(self, accounts: Whole, method: str, made: Whole | int) -> Whole:
        """When what is paid on the days `made` is shown, as add_working_days counts; NEVER after the longest horizon."""
        if not len(accounts):
            return np.zeros(0, np.int64)
        made_on = np.broadcast_to(np.asarray(made, np.int64), accounts.shape)
        kinds = self._kind[accounts]
        table = np.stack([self._table(kind, method) for kind in range(self._kinds.shape[1])])
        return table[kinds, np.minimum(made_on, LONGEST + 1)]

    def _table(self, kind: int, method: str) -> Whole:
        policy_index, country_index = self._kinds[:, kind]
        policy = self._start.policies[policy_index] if policy_index >= 0 else None
        posting = policy.posting() if policy else USUAL_POSTING
        calendar = (policy.calendar if policy else "") or self._start.accounts.country.names[country_index]
        key = calendar, posting[method or DEFAULT_METHOD]
        if key not in self._shown:
            working = self._working_days(calendar)
            first = np.searchsorted(working, np.arange(LONGEST + 2))
            self._shown[key] = working[np.minimum(first + key[1], len(working) - 1)]
        return self._shown[key]

    def _working_days(self, calendar: str) -> Whole:
        if calendar not in self._working:
            zero = self._start.as_of
            days = [n for n in range(LONGEST + 1) if is_working_day(zero + timedelta(days=n), calendar)]
            self._working[calendar] = np.array([*days, NEVER])
        return self._working[calendar]
