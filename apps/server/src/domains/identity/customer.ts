/** Who pays or reads. `uuid` is the user id on the 3.x wire. */
export type Customer = {
  id: string;
  uuid: string;
  tenantId: string;
  /** Lower-cased; null for an anonymous customer. */
  email: string | null;
  emailVerifiedAt: Date | null;
  name: string | null;
  picture: string | null;
  country: string | null;
  anonymous: boolean;
  createdAt: Date;
};

/** E-mails are compared lower-cased and without surrounding space. */
export const normalizeEmail = (email: string): string => email.trim().toLowerCase();
