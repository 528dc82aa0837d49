/** What is deployed: the app, its Service and its Ingress. Data. */
export interface WorkloadSpec {
  /** Image of the app; any that answers like userlist on port 8181. */
  readonly app: string;
  /** 1 to 60. */
  readonly replicas: number;
  /** Host name of the Ingress. */
  readonly host: string;
  /** `spread`: evenly over all nodes. `servers`: on servers only, so that a struck agent takes no endpoint along. */
  readonly place: 'spread' | 'servers';
  /** False: no UDP echo beside the Ingress at the clients' address, which it would share; true unless told. */
  readonly echo?: boolean;
}

export const DEFAULT_HOST = 'userlist.faultline.test';
export const APP_PORT = 8181;
/** UDP: the app sends back what it gets, with its own name behind. */
export const ECHO_PORT = 8182;
