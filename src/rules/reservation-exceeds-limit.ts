import { formatBytes, writeBytes } from '../capacity/bytes.ts';
import { replaceText } from '../model/fixes/replace-text.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'reservation-exceeds-limit',
  on: 'service',
  severity: 'error',
  summary: 'A service reserves more memory than its limit allows.',
  why: 'Docker does not start a container whose memory reservation is above its memory limit: it answers "Minimum memory limit can not be less than memory reservation limit". The two values are compared after merging the compose files and filling in the variables, in whichever form they are written. CPU reservations are not compared: outside Swarm they have no effect.',
  references: [
    'Docker Engine, daemon/daemon_unix.go: verifyPlatformContainerResources',
    'Compose specification, services: mem_limit, mem_reservation, deploy.resources',
  ],
  messages: {
    exceeds: '{service} reserves {reserved} of memory but is limited to {limit}: Docker will not start it.',
    lower: 'Lower the reservation to the limit ({limit})',
    raise: 'Raise the limit to the reservation ({reserved})',
  },
  *check({ service }) {
    const { memoryBytes: limit, memoryReservationBytes: reservation } = service.limits;
    if (!limit.known || !reservation.known || limit.value === null || reservation.value === null) return;
    if (reservation.value <= limit.value) return;
    const bytes = { reserved: reservation.value, limit: limit.value };
    const sizes = { reserved: formatBytes(reservation.value), limit: formatBytes(limit.value) };
    yield {
      at: reservation.at,
      subject: service.name,
      message: { says: 'exceeds', with: { service: service.name, ...sizes } },
      trail: [
        { at: reservation.at, says: `${sizes.reserved} reserved` },
        ...reservation.trail,
        { at: limit.at, says: `limit of ${sizes.limit}` },
        ...limit.trail,
      ],
      fixes: () => [
        {
          title: { says: 'lower', with: sizes },
          // A variable or a shared mapping may serve other services too.
          safety: reservation.trail.length === 0 ? 'safe' : 'review',
          edits: replaceText(reservation.at, writeBytes(bytes.limit)),
        },
        {
          title: { says: 'raise', with: sizes },
          safety: 'review',
          edits: replaceText(limit.at, writeBytes(bytes.reserved)),
        },
      ],
    };
  },
});
