-- A person may call a campaign of theirs what they like; which rows are theirs is the policy "member".
grant update (title) on campaigns to pp_web;
