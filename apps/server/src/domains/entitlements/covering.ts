/**
 * SQL for the products whose owners have the product of `column` as well: bundles and passes that contain it, and those
 * that contain these. For hot statements about one product; `checkAccess` goes up the same way from many.
 */
export const containing = (column: string): string => `
  with recursive up (id) as (
    select parent_id from product_members where member_id = ${column}
    union
    select m.parent_id from product_members m join up on up.id = m.member_id
  ) select id from up`;
