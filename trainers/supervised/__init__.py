"""Learning from reference answers: generators know one for every problem, so demonstrations cost nothing."""
