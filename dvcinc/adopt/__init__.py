"""Sets dvcinc up in a repository that is an assistant already, and looks it over."""
