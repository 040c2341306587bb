/** The limits of a grant. They are never wider than the operator's rule. */
export interface Permits {
  /** The largest request body, in bytes. Absent: only the limit of the rule applies. */
  maxBody?: number;
}
