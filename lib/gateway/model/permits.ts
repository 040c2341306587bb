/** What a grant allows beside its target: never more than the operator's rule. */
export interface Permits {
  /** The largest request body, in bytes. Absent: the rule's limit alone holds. */
  maxBody?: number;
}
