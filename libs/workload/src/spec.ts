/** What is deployed: the app, its Service and its Ingress. Data. */
export interface WorkloadSpec {
  /** Image of the app; any that answers like userlist on port 8181. */
  readonly app: string;
  /** 1 to 60; spread evenly over the nodes. */
  readonly replicas: number;
  /** Host name of the Ingress. */
  readonly host: string;
}

export const DEFAULT_HOST = 'userlist.faultline.test';
export const APP_PORT = 8181;
