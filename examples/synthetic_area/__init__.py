"""A made-up pooling area, drawn from a seed: employers, exposure, contributions, cases, payments and the rest.

Nothing here knows a rate rule. The tables are drawn from published orders of magnitude and then handed to the
library like those of any agency.
"""
