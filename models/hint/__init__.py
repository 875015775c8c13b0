"""From records to hints, one way for every family that asks whether an officer's records go one way too often.

question     what a family asks of each record, and which innocent explanations it knows
ledger       its records as arrays: who, where, when known, hit or not, and the facts that make records alike
expectation  how often like records are hits, learned from everybody else's
rate         officers against that: their station first, then they themselves; shrunk, with interval and exact chance
window       3, 12 and 24 months, the year before, and every past night of the panel
counter      innocent explanations, each tested by measuring the bureau anew without what it points at
gap          who has too few records to be measured
told         the hint in words, with its records
answer       all of it together: hints, what cannot be computed, and the indicator of every past night
unit_answer  the same questions asked of institutions, each as one

A record is a hit where it went the way that is asked about (a case was withdrawn, a visit found nothing). Nothing here
knows which family asks. Sources: DOMAIN.md 3.0; the modules name their own.
"""
