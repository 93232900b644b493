-- Who files and tells under an arrangement of joint controllers, and chains of processors above and below us.
SET search_path = tocsin;

ALTER TABLE processing
  ADD joint_with text,
  ADD joint_files text CHECK (joint_files IN ('us', 'them')),
  ADD joint_tells text CHECK (joint_tells IN ('us', 'them')),
  ADD CHECK (joint_with IS NOT NULL OR num_nonnulls(joint_files, joint_tells) = 0);
ALTER TABLE engagement
  ADD joint_files text CHECK (joint_files IN ('us', 'them')),
  ADD joint_tells text CHECK (joint_tells IN ('us', 'them')),
  ADD CHECK (role = 'joint-controller' OR num_nonnulls(joint_files, joint_tells) = 0),
  -- The customer is itself processor: we are its sub-processor. Null: nobody said so, which counts as no.
  ADD customer_is_processor boolean;
-- Our own sub-processor, who runs the asset for us.
ALTER TABLE asset ADD operated_by text;

-- As they were when scoped. joint: {with, files, tells}; null where there is no other controller.
ALTER TABLE case_exposure
  ADD joint jsonb,
  ADD customer_is_processor boolean NOT NULL DEFAULT false,
  ADD operated_by text[] NOT NULL DEFAULT '{}';
