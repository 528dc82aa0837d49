import type { ControllerName } from '../spec.ts';
import type { Controller } from './controller.ts';
import { daemonset } from './daemonset.ts';
import { asInstalled } from './default.ts';
import { fastEviction } from './fast-eviction.ts';
import { onServers } from './on-servers.ts';
import { twoReplicas } from './two-replicas.ts';

export const controllers: Readonly<Record<ControllerName, Controller>> = {
  default: asInstalled,
  'on-servers': onServers,
  daemonset,
  'two-replicas': twoReplicas,
  'fast-eviction': fastEviction,
};
