"""What infra/bicep says, checked without Azure and without the Bicep compiler."""
