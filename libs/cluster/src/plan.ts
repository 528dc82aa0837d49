/** What is pure of this lib: specs, plans, the registries. Nothing here touches a process, a socket, a file or a clock. */
export * from './spec.ts';
export * from './plan-cluster.ts';
export { ClusterSpecError } from './spec-error.ts';
export { freeOfPool, placeOf } from './virtual-address.ts';
export type { Backend } from './backend/backend.ts';
export { backends } from './backend/index.ts';
export { removedBackends, type RemovedBackend } from './backend/removed.ts';
export { compareGolden, goldenOf, type Compared, type Golden, type NodeFacts } from './golden/golden.ts';
export { READ_DATA_PLANE, readLines } from './golden/read.ts';
export type {
  Component as LoadBalancerComponent,
  Envelope,
  KubernetesObject,
  LoadBalancer,
  Place,
  Setting,
} from './load-balancer/load-balancer.ts';
export { loadBalancers } from './load-balancer/index.ts';
export type { Controller } from './controller/controller.ts';
export { controllers } from './controller/index.ts';
export { INGRESS_NODE_PORT, merged as mergedValues, valuesOf as chartValuesOf } from './controller/chart-config.ts';
export { addressIn, candidateSubnets, macOf } from './subnet.ts';
export * from './image/own.ts';
export * from './image/catalogue.ts';
export { inventoryOf, type Found, type Inventory } from './k3s/inventory-of.ts';
export { containerdFiles, containerdTemplate } from './k3s/containerd.ts';
export { HOLD_FILE } from './isolate.ts';
export { PID_FILE as K3S_PID_FILE } from './k3s/keeper.ts';
