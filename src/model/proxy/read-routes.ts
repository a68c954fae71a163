import type { ComposeService } from '../compose/compose-service.ts';
import type { ImageStage } from '../image/image-stage.ts';
import type { NginxInput } from './nginx-tree.ts';
import type { ProxyRoute } from './proxy-route.ts';
import { readNginxRoutes } from './read-nginx.ts';

export interface RoutesInput extends NginxInput {
  readonly service: Pick<ComposeService, 'mounts'>;
  readonly stage: ImageStage | undefined;
  /** Name of the image that runs, where it is known. */
  readonly image: string | undefined;
}

/** Where a service passes requests to: read where its image is nginx, or something is put into nginx's folder. */
export function readRoutes(input: RoutesInput): readonly ProxyRoute[] {
  const { service, stage, image = '' } = input;
  const targets = [
    ...service.mounts.map(({ target }) => target),
    ...(stage?.copies ?? []).map(({ destination }) => destination),
  ];
  const isNginx = /(nginx|openresty)[^/]*$/.test(image);
  return isNginx || targets.some((target) => /(^|\/)nginx(\/|$)/.test(target)) ? readNginxRoutes(input) : [];
}
