"""Where people meet dvcinc: parse, call, print, exit."""
