def check_counting(rules):
    return []
