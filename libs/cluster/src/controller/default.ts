import type { Controller } from './controller.ts';

export const asInstalled: Controller = {
  name: 'default',
  what: 'as k3s installs it: one pod on any node; after the death of its node it is replaced when 5 minutes have passed',
  values: {},
  leastNodes: 1,
  on: 'any node',
};
