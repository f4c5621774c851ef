"""再上 Zaishang: the map of the floors. Imports only go down.

app, config      wires everything; the only readers of the environment
web | cli        entrances: people and machines, terminal and timers
services | queries           verbs that change | questions that do not
engine | persistence | exchange | crypto    diagrams as pure functions | rows | files | keys
domain           the rules of the cadre regulations, plain Python
"""

VERSION = "0.1.0"
