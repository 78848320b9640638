"""Recomputes results from raw events, independently of the engine, and compares.

Reads one JSON file, an array of data sets as DifferentialTest writes them:

    {name, metric, rule: {alpha, plannedSample}, control, arms, cohorts: [{from, shares}],
     exposures: [{subject, variant, at}], events: [{id, subject, name, value, at}], results}

Times are milliseconds. Prints one line per data set and ends with 1 if any number differs by more than 1e-9
of its size (1e-9 absolutely below 1).
"""

import json
import math
import sys

import numpy as np
from scipy import special, stats

TOLERANCE = 1e-9


def units_of(data):
    """First exposure of each subject; None for subjects that were seen in several arms."""
    first, arms = {}, {}
    for exposure in data["exposures"]:
        subject = exposure["subject"]
        arms.setdefault(subject, set()).add(exposure["variant"])
        if subject not in first or exposure["at"] < first[subject][1]:
            first[subject] = (exposure["variant"], exposure["at"])
    units = {}
    for subject, (variant, at) in first.items():
        cohort = max(i for i, c in enumerate(data["cohorts"]) if i == 0 or c["from"] <= at)
        units[subject] = (variant, at, cohort) if len(arms[subject]) == 1 else None
    return units


def events_of(data):
    """Events by subject, each id once, in the order of their times and then of their arrival."""
    seen, by_subject = set(), {}
    for order, event in enumerate(data["events"]):
        if event["id"] in seen:
            continue
        seen.add(event["id"])
        by_subject.setdefault(event["subject"], []).append((event["at"], order, event["name"], event["value"]))
    for events in by_subject.values():
        events.sort()
    return by_subject


def values(events, name, start, end):
    return [v for at, _, n, v in events if n == name and start <= at < end]


def aggregate(kind, found):
    if kind == "proportion":
        return 1.0 if any(v != 0 for v in found) else 0.0
    if kind == "count":
        return float(len(found))
    if kind == "mean":
        return math.fsum(found) / len(found) if found else None
    return math.fsum(found)


def measured(metric, events, at):
    """The unit's number and its second one; None if the unit takes no part."""
    start, end = at + metric.get("from", 0), at + metric["to"] if "to" in metric else math.inf
    kind = metric["type"]
    if kind == "ratio":
        return (
            math.fsum(values(events, metric["numerator"], start, end)),
            math.fsum(values(events, metric["denominator"], start, end)),
        )
    if kind == "funnel":
        step, steps = 0, metric["steps"]
        for when, _, name, _ in events:
            if start <= when < end and step < len(steps) and name == steps[step]:
                step += 1
        return (1.0 if step == len(steps) else 0.0, 0.0)
    kind = "mean" if kind == "quantile" else kind
    value = aggregate(kind, values(events, metric["name"], start, end))
    if value is None:
        return None
    if "cap" in metric:
        value = min(value, metric["cap"])
    other = 0.0
    if "lookback" in metric:
        other = aggregate(kind, values(events, metric["name"], at - metric["lookback"], at)) or 0.0
        if "cap" in metric:
            other = min(other, metric["cap"])
    return (value, other)


def moments(pairs):
    x = np.array([p[0] for p in pairs], dtype=np.longdouble)
    y = np.array([p[1] for p in pairs], dtype=np.longdouble)
    n = len(pairs)
    mx, my = x.mean(), y.mean()
    return {
        "n": n, "mx": mx, "my": my,
        "vx": ((x - mx) ** 2).sum() / (n - 1),
        "vy": ((y - my) ** 2).sum() / (n - 1),
        "cov": ((x - mx) * (y - my)).sum() / (n - 1),
        "sx": x.sum(), "sy": y.sum(), "x": x, "y": y,
    }


def plain_effect(mean_a, var_a, mean_b, var_b):
    """Difference over control with the variances of the means."""
    return {"num": mean_b - mean_a, "den": mean_a, "nv": var_a + var_b, "dv": var_a, "cov": -var_a}


def quantile(numbers, level):
    ordered = np.sort(numbers.astype(float))
    n = len(ordered)
    z = stats.norm.ppf(0.975)
    half = z * math.sqrt(level * (1 - level) / n)
    low, q, high = np.quantile(ordered, [max(0, level - half), level, min(1, level + half)])
    variance = ((high - low) / (2 * z)) ** 2 * n * (n - 1) / n
    return q, max(variance, 1e-5) if n >= 100 else variance


def effect(metric, a, b):
    kind = metric["type"]
    if kind == "ratio":
        out = []
        for m in (a, b):
            r = m["sx"] / m["sy"]
            residual = m["x"] - r * m["y"]
            out += [r, (residual**2).sum() / (m["n"] - 1) / m["my"] ** 2 / m["n"]]
        return plain_effect(*out)
    if kind == "quantile":
        qa, va = quantile(a["x"], metric["level"])
        qb, vb = quantile(b["x"], metric["level"])
        return plain_effect(qa, va / a["n"], qb, vb / b["n"])
    if "lookback" not in metric:
        return plain_effect(a["mx"], a["vx"] / a["n"], b["mx"], b["vx"] / b["n"])
    both = moments([*zip(a["x"], a["y"]), *zip(b["x"], b["y"])])
    theta = both["cov"] / both["vy"] if both["vy"] > 0 else 0
    adjusted = [m["vx"] + theta * theta * m["vy"] - 2 * theta * m["cov"] for m in (a, b)]
    difference = (b["mx"] - a["mx"]) - theta * (b["my"] - a["my"])
    ratio = b["mx"] / a["mx"]
    linear = ratio * (ratio * a["vx"] - 2 * theta * a["cov"]) + theta * theta * a["vy"]
    return {
        "num": difference, "den": a["mx"],
        "nv": adjusted[0] / a["n"] + adjusted[1] / b["n"],
        "dv": a["vx"] / a["n"],
        "cov": -(a["vx"] - theta * a["cov"]) / a["n"],
        "relative_variance": (adjusted[1] / b["n"] + linear / a["n"]) / a["mx"] ** 2,
    }


def combined(strata):
    if len(strata) == 1:
        return strata[0][1]
    total = math.fsum(w for w, _ in strata)
    out = {k: sum(w / total * e[k] for w, e in strata) for k in ("num", "den")}
    out |= {k: sum((w / total) ** 2 * e[k] for w, e in strata) for k in ("nv", "dv", "cov")}
    return out


def claims(e, n, alpha, planned, sign):
    a = -2 * math.log(alpha)
    information = n * (a + math.log1p(a)) / planned
    scale = information / (information + 1)
    critical = math.sqrt((math.log1p(information) + a) / scale)
    value, error = float(e["num"]), math.sqrt(float(e["nv"]))
    z = value / error
    evidence = z * z * scale / 2 - math.log1p(information) / 2
    out = {
        "difference": value,
        "lower": value - critical * error,
        "upper": value + critical * error,
        "pValue": min(1.0, math.exp(-evidence)),
        "eValue": math.exp(evidence),
    }
    den, nv, dv, cov = (float(e[k]) for k in ("den", "nv", "dv", "cov"))
    q = value / den
    relative = {"lift": value / abs(den)}
    k = critical * critical
    # Roots of (value - r den)^2 = critical^2 (nv - 2 r cov + r^2 dv), bounded if the square term is positive.
    square, linear, constant = den * den - k * dv, value * den - k * cov, value * value - k * nv
    if square > 0:
        root = math.sqrt(linear * linear - square * constant)
        ends = sorted(((linear - root) / square * np.sign(den), (linear + root) / square * np.sign(den)))
        relative |= {"lower": ends[0], "upper": ends[1]}
    out["relative"] = relative
    variance = e.get("relative_variance", (nv - 2 * q * cov + q * q * dv) / (den * den))
    sd, mean = math.sqrt(float(variance)), sign * value / abs(den)
    u = mean / sd
    out["bayes"] = {
        "chanceToWin": stats.norm.cdf(u),
        "expectedLoss": -mean * stats.norm.cdf(-u) + sd * stats.norm.pdf(u),
    }
    return out


def holm(ps):
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    out, most = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        most = max(most, (len(ps) - rank) * ps[i])
        out[i] = min(1.0, most)
    return out


def sample_ratio(data, units):
    """Dirichlet-multinomial Bayes factor within each cohort; p-values times the number of cohorts."""
    ps = []
    for index, cohort in enumerate(data["cohorts"]):
        counts = [sum(1 for u in units.values() if u and u[0] == arm and u[2] == index) for arm in data["arms"]]
        if sum(counts) == 0 and index > 0:
            continue
        prior = [100 * share for share in cohort["shares"]]
        log = special.gammaln(100) - special.gammaln(100 + sum(counts))
        for n, p, share in zip(counts, prior, cohort["shares"]):
            if p > 0:
                log += special.gammaln(p + n) - special.gammaln(p) - n * math.log(share)
        ps.append(min(1.0, math.exp(-log)))
    return min(1.0, min(ps) * len(ps))


def recompute(data):
    metric, control = data["metric"], data["control"]
    units, events = units_of(data), events_of(data)
    pairs = {}
    for subject, unit in units.items():
        if unit:
            pair = measured(metric, events.get(subject, []), unit[1])
            if pair is not None:
                pairs.setdefault(unit[2], {}).setdefault(unit[0], []).append(pair)
    treatments = [arm for arm in data["arms"] if arm != control]
    alpha = data["rule"]["alpha"] / len(treatments)
    planned = data["rule"]["plannedSample"] * 2 / len(data["arms"])
    sign = -1 if metric.get("direction") == "decrease" else 1
    comparisons = []
    for arm in treatments:
        strata, n = [], 0
        for _, arms in sorted(pairs.items()):
            a, b = arms.get(control, []), arms.get(arm, [])
            if len(a) > 1 and len(b) > 1:
                weight = sum(len(x) for x in arms.values())
                strata.append((weight, effect(metric, moments(a), moments(b))))
                n += len(a) + len(b)
        comparisons.append({"arm": arm} | claims(combined(strata), n, alpha, planned, sign))
    for one, p in zip(comparisons, holm([c["pValue"] for c in comparisons])):
        one["adjustedPValue"] = p
    arms = []
    for arm in data["arms"]:
        found = [pair for cohort in pairs.values() for pair in cohort.get(arm, [])]
        if metric["type"] == "ratio":
            mean = math.fsum(p[0] for p in found) / math.fsum(p[1] for p in found)
        elif metric["type"] == "quantile":
            mean = float(np.quantile([p[0] for p in found], metric["level"]))
        else:
            mean = math.fsum(p[0] for p in found) / len(found)
        arms.append({"key": arm, "n": len(found), "mean": mean})
    return {
        "arms": arms,
        "comparisons": comparisons,
        "srm": sample_ratio(data, units),
        "multipleExposures": sum(1 for unit in units.values() if unit is None),
    }


def differences(path, mine, theirs):
    if isinstance(mine, dict):
        for key, value in mine.items():
            yield from differences(f"{path}.{key}", value, theirs.get(key))
    elif isinstance(mine, list):
        for index, value in enumerate(mine):
            yield from differences(f"{path}[{index}]", value, theirs[index])
    elif isinstance(mine, str):
        if mine != theirs:
            yield path, mine, theirs
    elif theirs is None or abs(mine - theirs) > TOLERANCE * max(1.0, abs(mine)):
        yield path, float(mine), theirs


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        sets = json.load(file)
    failed = 0
    for data in sets:
        wrong = list(differences("", recompute(data), data["results"]))
        failed += bool(wrong)
        print(data["name"], "differs: %s" % wrong[:5] if wrong else "agrees")
    print("%d of %d data sets agree" % (len(sets) - failed, len(sets)))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
