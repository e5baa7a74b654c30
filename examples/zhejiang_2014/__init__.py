"""Zhejiang: the opinion on strengthening work-injury prevention, 浙人社发〔2014〕4号 of 2014-01-03."""
