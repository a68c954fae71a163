/** A `headroom.yaml` in which everything is commented out, for users who start one. */
export const configurationTemplate = `# Headroom reads this file from the root of the workspace. Everything is optional.

# What the stack shall carry. Without it, findings that need a load stay silent or are suggestions.
# load:
#   users: 50                 # people using the application at once
#   thinkSeconds: 1           # from a reply to the same user's next request
#   responseSeconds: 0.5      # a request's time when nothing waits
#   cpuSeconds: 0.02          # of it, what the web server computes
#   databaseCpuSeconds: 0.03  # of it, what the database computes

# The machine it runs on.
# host:
#   cpus: 4
#   memory: 8GiB
#   shared: true          # database and cache run on the same machine

# Memory figures you have measured.
# memory:
#   perWorker: 150MiB

# A severity (error, warning, information, hint) caps the rule's own; off silences it.
# rules:
#   pool-oversized: off
#   memory-limit-missing: hint

# Files and folders that are not looked at, as in .gitignore.
# exclude:
#   - legacy/

# Compose files that form the project, in merge order, where several could.
# composeFiles:
#   - compose.yaml
#   - compose.prod.yaml
`;
