/** What a finding is, apart from where it stands in the file and how it is worded. */
export interface FindingIdentity {
  readonly rule: string;
  readonly path: string;
  readonly subject: string;
  readonly evidence: string;
}

/** 16 hexadecimal digits (FNV-1a, two passes) that stay the same when lines move or a message is reworded. */
export function fingerprintOf(identity: FindingIdentity): string {
  const text = `${identity.rule}\n${identity.path}\n${identity.subject}\n${identity.evidence}`;
  return hash(text, 0x811c9dc5) + hash(text, 0x01000193);
}

function hash(text: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < text.length; index++) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}
