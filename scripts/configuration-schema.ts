import { notices } from '../src/engine/notices.ts';
import { type Rule, type RuleOption, severities } from '../src/rules/rule.ts';

/** The JSON schema of `headroom.yaml`, for completion and checking in editors. */
export function formatConfigurationSchema(rules: readonly Rule[]): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Headroom configuration',
    description: 'headroom.yaml: what the stack has to carry, the machine it runs on, and which rules apply.',
    type: 'object',
    additionalProperties: false,
    properties: {
      load: {
        description: 'The load the stack is meant to carry.',
        type: 'object',
        required: ['users'],
        additionalProperties: false,
        properties: {
          users: { description: 'People using the application at once.', type: 'integer', minimum: 1 },
          thinkSeconds: {
            ...duration("Seconds between a reply and the same user's next request, such as 1 or 500ms."),
            default: 1,
          },
          responseSeconds: {
            ...duration('Seconds a request takes when nothing waits, such as 0.5 or 200ms.'),
            default: 0.5,
          },
          cpuSeconds: duration('Seconds of it that the web server computes, such as 0.02 or 20ms, as measured.'),
          databaseCpuSeconds: duration('Seconds of it that the database computes, such as 0.03 or 30ms, as measured.'),
        },
      },
      host: {
        description: 'The machine that runs the stack.',
        type: 'object',
        additionalProperties: false,
        properties: {
          cpus: { description: 'CPU cores.', type: 'number', exclusiveMinimum: 0 },
          memory: amount('Memory, such as 8GiB.'),
          shared: {
            description: 'True when database, cache and workers share the machine with the web server.',
            type: 'boolean',
            default: false,
          },
        },
      },
      memory: {
        description: 'Measured memory figures, which take the place of the built-in estimates.',
        type: 'object',
        additionalProperties: false,
        properties: {
          perWorker: amount('Memory one web worker process takes, such as 150MiB.'),
          base: amount('Memory the process takes before it opens HTTP connections.'),
          perConnection: amount('Memory each pooled HTTP connection takes.'),
        },
      },
      rules: {
        description: 'Severities and options by rule. A severity caps the rule\'s own; "off" silences it.',
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries([...rules.map(ruleSchema), ...Object.entries(notices).map(noticeSchema)]),
      },
      exclude: {
        description: 'Files and folders that are not looked at, as patterns in the language of .gitignore.',
        type: 'array',
        items: { type: 'string', minLength: 1 },
      },
      composeFiles: {
        description: 'Compose files that form the only compose project, in merge order, as with docker compose -f.',
        type: 'array',
        items: { type: 'string', minLength: 1 },
      },
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

// YAML reads a bare `off` as false in its older version, which many editors use.
const severityValues = ['off', false, ...severities];

function ruleSchema(rule: Rule): [string, object] {
  const severity = { enum: severityValues };
  const options = Object.entries(rule.options ?? {}).map(([name, option]) => [name, optionSchema(option)] as const);
  const properties = { severity, ...Object.fromEntries(options) };
  return [
    rule.id,
    { description: rule.summary, anyOf: [severity, { type: 'object', additionalProperties: false, properties }] },
  ];
}

function noticeSchema([id, notice]: [string, { readonly summary: string }]): [string, object] {
  return [id, { description: notice.summary, enum: severityValues }];
}

function optionSchema(option: RuleOption): object {
  return { description: option.description, type: typeof option.default, default: option.default };
}

function duration(description: string): object {
  return {
    description,
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*(ms|s|m)?$' },
    ],
  };
}

function amount(description: string): object {
  return {
    description,
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*([kKmMgGtT]([iI]?[bB])?|[bB])?$' },
    ],
  };
}
