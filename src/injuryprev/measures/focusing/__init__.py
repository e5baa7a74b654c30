"""Where injuries concentrate, which alert that raises, and whom to supervise first.

units        what is ranked, with its figures; and in its place
gathering    units from employers with their histories
ranking      the places: ``focus``
listing      the list that comes of it
reasons      why a unit stands where it stands
frames       the same from a table to a table
alerts       graded levels of alert
enforcement  employers by a published rule of priority
document     what the file ``focus.toml`` holds: levels, rules, sources

It is not called ``focus``, since ``injuryprev.measures.focus`` is the function.
"""
