"""The double-random draw (双随机): who is inspected and by whom, drawn so that anybody can repeat it, and past draws audited.

pool.py what is frozen · choice.py who goes into it · log.py every commit · lot.py the draw itself, said exactly ·
substitution.py who went instead · chain.py lists that only grow ·
check.py what differs from a draw repeated · past.py draws on record · chance.py, by_hand.py, audit.py what chance would do
with them · audit_words.py in words.
"""
