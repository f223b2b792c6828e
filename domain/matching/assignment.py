"""The best pairing of a set of candidates: each payment and each line once, the sum of the scores as large as it can be."""

from collections.abc import Iterable, Mapping

import numpy as np

Pair = tuple[int, int]


def components(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Pairs that share no payment and no line with the others, in order."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    ordered = sorted(pairs)
    for payment, line in ordered:
        one, other = find(("payment", payment)), find(("line", line))
        root[max(one, other)] = min(one, other)
    found: dict[tuple[str, int], list[Pair]] = {}
    for pair in ordered:
        found.setdefault(find(("payment", pair[0])), []).append(pair)
    return list(found.values())


def assigned(scores: Mapping[Pair, float]) -> list[Pair]:
    """The pairs of the best assignment. Among equals the earlier ids win, so that the order of rows does not matter."""
    from scipy.optimize import linear_sum_assignment  # late: 27 MB, which a server that matches nothing need not hold

    chosen: list[Pair] = []
    for group in components(scores):
        payments = sorted({payment for payment, _ in group})
        lines = sorted({line for _, line in group})
        gain = np.zeros((len(payments), len(lines)))
        at_payment = {payment: i for i, payment in enumerate(payments)}
        at_line = {line: i for i, line in enumerate(lines)}
        for payment, line in group:
            gain[at_payment[payment], at_line[line]] = max(scores[payment, line], 0) + 1
        rows, columns = linear_sum_assignment(gain, maximize=True)
        pairs = ((payments[r], lines[c]) for r, c in zip(rows, columns, strict=True) if gain[r, c])
        chosen.extend(pairs)
    return sorted(chosen)
