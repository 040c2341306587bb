/** Where a machine has temporary keys: a container's endpoint (ECS, EKS Pod Identity), or that of an instance (IMDSv2). */
export const AWS_SOURCES = ["container", "imds"] as const;
