/** The editor's own settings, as they appear in the manifest; `headroom.rules` is generated from the rules beside them. */
export const editorSettings = {
  'headroom.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    order: 1,
    description: 'Analyse the files of this folder.',
  },
  'headroom.analyse': {
    type: 'string',
    enum: ['workspace', 'openFiles'],
    enumDescriptions: [
      'Show findings in every file of the workspace, opened or not.',
      'Show findings only in files that are open.',
    ],
    default: 'workspace',
    scope: 'resource',
    order: 2,
    description: 'Where findings are shown. All files that belong together are read either way.',
  },
  'headroom.composeFiles': {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: [],
    scope: 'resource',
    order: 3,
    markdownDescription:
      'Compose files that form the project, in merge order, as with `docker compose -f`. Empty: every combination that the files of the folder show is read as a project of its own.',
  },
  'headroom.codeActions.showIgnore': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    order: 5,
    markdownDescription: 'Offer to ignore a finding or to turn its rule off, as the last entries of the light bulb.',
  },
  'headroom.codeLens.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    order: 6,
    description: 'Show a line above each web server that opens its capacity plan.',
  },
  'headroom.trace': {
    type: 'string',
    enum: ['off', 'messages'],
    enumDescriptions: [
      'Log only failures.',
      'Log every analysis: how long it took and how many files and findings there were. Never the content of files.',
    ],
    default: 'off',
    scope: 'window',
    order: 7,
    description: 'What the Headroom output log holds.',
  },
} as const;
