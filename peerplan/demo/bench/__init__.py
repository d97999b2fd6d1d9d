"""What PeerPlan costs: made-up councils by the hundred, and a table of measurements.

Rows are written here without services, in bulk and with past times, because two million of them
are needed and the database is thrown away afterwards. Nothing else may do so.
"""
