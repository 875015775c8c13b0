"""The rotation plan (轮岗): from clocks and policy to proposed moves, as one assignment.

Everybody holds a place: a unit, a post and where there is one a grid. A plan permutes people over places, quarter by quarter, so
that whoever must leave is succeeded on the same day by somebody who is fit for his place. It keeps every hard rule of rule.py
and program.py, costs the least of all plans that do (weight.py says what costs how much), and says how near the best it is
proven to be (solve.py). Whom it leaves, and why, is told by left.py. No score and no hint of a person has any part in it:
management reads the plan.

ground.py what it is made on · board.py the bureau as numbers · rule.py officer and place · weight.py what weighs how much ·
program.py variables and rows · solve.py the assignment · left.py what is left undone · plan.py all of it · told.py in words.
"""
